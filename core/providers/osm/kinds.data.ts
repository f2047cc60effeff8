/**
 * Kinds of places that a DNA names (`modules.local_seo.scout_settings.anchor_entities`), and how OpenStreetMap tags them
 * (wiki.openstreetmap.org/wiki/Map_features). A place is of a kind when it has one of its tags.
 */
export interface PlaceKind {
  /** As a text says it of one. */
  label: string;
  tags: readonly (readonly [key: string, value: string])[];
}

const amenity = (label: string, ...values: string[]): PlaceKind => ({ label, tags: values.map((value) => ["amenity", value] as const) });
const shop = (label: string, ...values: string[]): PlaceKind => ({ label, tags: values.map((value) => ["shop", value] as const) });

export const PLACE_KINDS: Readonly<Record<string, PlaceKind>> = {
  airport: { label: "airport", tags: [["aeroway", "aerodrome"]] },
  apartments: { label: "apartment building", tags: [["building", "apartments"]] },
  beach: { label: "beach", tags: [["natural", "beach"]] },
  bus_station: amenity("bus station", "bus_station"),
  charging_station: amenity("charging station", "charging_station"),
  church: { label: "church", tags: [["amenity", "place_of_worship"]] },
  clinic: amenity("clinic", "clinic", "doctors"),
  college: amenity("college", "college"),
  community_centre: amenity("community centre", "community_centre"),
  courthouse: amenity("courthouse", "courthouse"),
  fire_station: amenity("fire station", "fire_station"),
  gym: { label: "gym", tags: [["leisure", "fitness_centre"]] },
  hardware_store: shop("hardware store", "doityourself", "hardware", "trade"),
  hospital: amenity("hospital", "hospital"),
  hotel: { label: "hotel", tags: [["tourism", "hotel"], ["tourism", "motel"]] },
  industrial: { label: "industrial area", tags: [["landuse", "industrial"]] },
  kindergarten: amenity("kindergarten", "kindergarten"),
  library: amenity("library", "library"),
  mall: shop("shopping centre", "mall"),
  marina: { label: "marina", tags: [["leisure", "marina"]] },
  park: { label: "park", tags: [["leisure", "park"]] },
  parking: amenity("car park", "parking"),
  pharmacy: amenity("pharmacy", "pharmacy"),
  police: amenity("police station", "police"),
  post_office: amenity("post office", "post_office"),
  prison: amenity("prison", "prison"),
  restaurant: amenity("restaurant", "restaurant"),
  retirement_home: { label: "retirement village", tags: [["social_facility", "nursing_home"], ["social_facility", "assisted_living"], ["amenity", "nursing_home"], ["residential", "retirement_home"]] },
  school: amenity("school", "school"),
  sports_centre: { label: "sports centre", tags: [["leisure", "sports_centre"]] },
  stadium: { label: "stadium", tags: [["leisure", "stadium"]] },
  supermarket: shop("supermarket", "supermarket"),
  townhall: amenity("town hall", "townhall"),
  train_station: { label: "train station", tags: [["railway", "station"]] },
  university: amenity("university", "university"),
};

/** `Police station`, `court houses`, `hardware-store`: people write kinds as they speak. Null: none that is known. */
export const kindNamed = (text: string): string | null => {
  const wanted = text.trim().toLowerCase().replaceAll(/[\s-]+/g, "_");
  const forms = [wanted, wanted.replace(/ies$/, "y"), wanted.replace(/es$/, ""), wanted.replace(/s$/, "")];
  const byLabel = new Map(Object.entries(PLACE_KINDS).map(([kind, { label }]) => [label.replaceAll(" ", "_"), kind]));
  const solid = new Map(Object.keys(PLACE_KINDS).map((kind) => [kind.replaceAll("_", ""), kind]));
  for (const form of forms) {
    const found = Object.hasOwn(PLACE_KINDS, form) ? form : (byLabel.get(form) ?? solid.get(form.replaceAll("_", "")));
    if (found !== undefined) return found;
  }
  return null;
};
