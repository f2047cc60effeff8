/*
 * A corner of the map: inner Auckland, as much of it as the demo business's suburbs need. Points are right to a hundred metres or so; ids
 * are made up. Among them what makes real data hard: places without a name, outlines that have only a centre, one that is gone.
 */

export interface MapArea {
  readonly name: string;
  readonly kind: "suburb" | "city" | "shop";
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly city: string;
}

/** `way` and `relation` have a centre in place of coordinates. */
export interface MapObject {
  readonly type: "node" | "way" | "relation";
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly tags: Readonly<Record<string, string>>;
}

const suburb = (id: number, name: string, lat: number, lon: number, city = "Auckland"): MapArea => ({ name, kind: "suburb", id, lat, lon, city });

export const AREAS: readonly MapArea[] = [
  { name: "Auckland", kind: "city", id: 900_001, lat: -36.8521, lon: 174.7631, city: "Auckland" },
  suburb(900_011, "Ponsonby", -36.8553, 174.7437),
  suburb(900_012, "Grey Lynn", -36.8608, 174.7362),
  suburb(900_013, "Herne Bay", -36.8445, 174.7333),
  suburb(900_014, "Freemans Bay", -36.8506, 174.7511),
  suburb(900_015, "Westmere", -36.8559, 174.7202),
  suburb(900_016, "Kingsland", -36.8722, 174.7451),
  suburb(900_017, "Mount Eden", -36.8779, 174.7617),
  suburb(900_018, "Parnell", -36.8561, 174.7822),
  suburb(900_019, "Newmarket", -36.8697, 174.7775),
  suburb(900_020, "Grafton", -36.8602, 174.7669),
  // There is one in Dunedin too, and a shop that took the name.
  suburb(900_031, "Kingsland", -45.8901, 170.4652, "Dunedin"),
  { name: "Ponsonby", kind: "shop", id: 900_041, lat: -43.5321, lon: 172.6362, city: "Christchurch" },
];

const node = (id: number, lat: number, lon: number, tags: Record<string, string>): MapObject => ({ type: "node", id, lat, lon, tags });
const way = (id: number, lat: number, lon: number, tags: Record<string, string>): MapObject => ({ type: "way", id, lat, lon, tags });
const school = (id: number, lat: number, lon: number, name: string, street: string): MapObject => way(id, lat, lon, { amenity: "school", name, "addr:street": street, "addr:city": "Auckland" });
const restaurant = (id: number, lat: number, lon: number, name: string, housenumber: string, street: string): MapObject => node(id, lat, lon, { amenity: "restaurant", name, "addr:housenumber": housenumber, "addr:street": street });

export const OBJECTS: readonly MapObject[] = [
  school(800_101, -36.8493, 174.7385, "Ponsonby Primary School", "Curran Street"),
  school(800_102, -36.8574, 174.7449, "Saint Paul's College", "Richmond Road"),
  school(800_103, -36.8602, 174.7418, "Richmond Road School", "Richmond Road"),
  school(800_104, -36.8643, 174.7349, "Grey Lynn School", "Surrey Crescent"),
  school(800_105, -36.8490, 174.7500, "Freemans Bay School", "Wellington Street"),
  school(800_106, -36.8442, 174.7316, "Bayfield School", "Jervois Road"),
  school(800_107, -36.8575, 174.7196, "Westmere School", "Garnet Road"),
  school(800_108, -36.8745, 174.7416, "Kowhai Intermediate School", "Onslow Road"),
  school(800_109, -36.8803, 174.7627, "Mount Eden Normal School", "Valley Road"),
  school(800_110, -36.8815, 174.7698, "Auckland Grammar School", "Mountain Road"),
  school(800_111, -36.8583, 174.7817, "Parnell District School", "Saint Stephens Avenue"),
  school(800_112, -36.8724, 174.7781, "Newmarket School", "Gillies Avenue"),
  { type: "relation", id: 800_201, lat: -36.8605, lon: 174.7700, tags: { amenity: "hospital", name: "Auckland City Hospital", "addr:housenumber": "2", "addr:street": "Park Road", "addr:suburb": "Grafton", "addr:city": "Auckland" } },
  way(800_202, -36.8731, 174.7743, { amenity: "hospital", name: "Mercy Hospital", "addr:street": "Mountain Road" }),
  node(800_203, -36.8552, 174.7442, { amenity: "clinic", name: "Ponsonby Medical Centre", "addr:street": "Ponsonby Road" }),
  node(800_204, -36.8560, 174.7420, { amenity: "clinic" }),
  way(800_301, -36.8489, 174.7622, { amenity: "police", name: "Auckland Central Police Station", "addr:street": "College Hill" }),
  node(800_302, -36.8584, 174.7466, { amenity: "police", name: "Police" }),
  way(800_303, -36.8479, 174.7680, { amenity: "courthouse", name: "Auckland District Court", "addr:housenumber": "65-69", "addr:street": "Albert Street", "addr:city": "Auckland" }),
  way(800_304, -36.8532, 174.7628, { amenity: "townhall", name: "Auckland Town Hall", "addr:street": "Queen Street" }),
  way(800_401, -36.8404, 174.7519, { leisure: "marina", name: "Westhaven Marina" }),
  way(800_402, -36.8435, 174.7421, { leisure: "marina" }),
  node(800_501, -36.8541, 174.7471, { tourism: "hotel", name: "Hotel Fitzroy", "addr:housenumber": "43", "addr:street": "Richmond Road" }),
  way(800_502, -36.8567, 174.7629, { tourism: "hotel", name: "Cordis Auckland", "addr:housenumber": "83", "addr:street": "Symonds Street" }),
  node(800_503, -36.8572, 174.7800, { tourism: "hotel", name: "The Parnell Hotel", "addr:housenumber": "10", "addr:street": "Gladstone Road" }),
  node(800_504, -36.8790, 174.7590, { tourism: "motel", name: "Eden Park Motel", "addr:street": "Dominion Road" }),
  way(800_601, -36.8466, 174.7351, { social_facility: "assisted_living", name: "Selwyn Village", "addr:street": "Target Street" }),
  way(800_602, -36.8620, 174.7305, { amenity: "nursing_home", name: "Grey Lynn Retirement Home", "addr:street": "Great North Road" }),
  way(800_603, -36.8701, 174.7460, { amenity: "nursing_home" }),
  way(800_701, -36.8561, 174.7488, { building: "apartments", name: "The Dominion", "addr:street": "Ponsonby Road" }),
  way(800_702, -36.8537, 174.7548, { building: "apartments", name: "Beaumont Quarter", "addr:street": "Beaumont Street" }),
  way(800_703, -36.8690, 174.7480, { building: "apartments" }),
  way(800_704, -36.8705, 174.7790, { building: "apartments", name: "Newmarket Gardens", "addr:street": "Broadway" }),
  restaurant(800_801, -36.8547, 174.7452, "Ponsonby Central", "136", "Ponsonby Road"),
  restaurant(800_802, -36.8579, 174.7445, "Prego", "226", "Ponsonby Road"),
  restaurant(800_803, -36.8618, 174.7378, "Gypsy Tea Room", "455", "Richmond Road"),
  restaurant(800_804, -36.8724, 174.7440, "Portland Public House", "463", "New North Road"),
  restaurant(800_805, -36.8774, 174.7638, "Frasers", "434", "Mount Eden Road"),
  restaurant(800_806, -36.8572, 174.7807, "Non Solo Pizza", "259", "Parnell Road"),
  node(800_807, -36.8550, 174.7450, { amenity: "restaurant", name: "Cafe Cézanne", "disused:amenity": "restaurant" }),
  way(800_901, -36.8747, 174.7447, { leisure: "stadium", name: "Eden Park" }),
  way(800_902, -36.8576, 174.7343, { leisure: "park", name: "Grey Lynn Park" }),
  way(800_903, -36.8500, 174.7560, { leisure: "park", name: "Victoria Park" }),
  node(800_904, -36.8718, 174.7765, { shop: "mall", name: "Westfield Newmarket" }),
  node(800_905, -36.8635, 174.7300, { shop: "hardware", name: "Hammer Hardware Grey Lynn", "addr:street": "Great North Road" }),
];
