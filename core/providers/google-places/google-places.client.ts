import { z } from "zod";
import { AppError, describeError, vendorError } from "../../errors.ts";
import type { Point } from "../osm/distance.ts";

/*
 * Google's Places API (New), Text Search (developers.google.com/maps/documentation/places/web-service/text-search; the messages as npm's
 * @googlemaps/places has them). Of what it answers its terms let nothing be kept but ids: names and places are for comparing, and go.
 */

/** A place as Google knows it. Only `id` may be stored. */
export interface GooglePlace {
  id: string;
  name: string;
  point: Point;
  /** For good. */
  closed: boolean;
}

export interface PlacesQuestion {
  /** What people would type, e.g. `police station in Ponsonby, Auckland`. */
  text: string;
  /** One of Google's types, to have nothing else; null: whatever the text finds. */
  type: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** BCP 47. */
  language: string;
  around: Point;
  /** Places beyond it may come too: it is a preference. */
  radius_km: number;
}

export interface GooglePlacesOptions {
  /** Without a slash at its end. */
  baseUrl: string;
  apiKey: string;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Asks once there is room: all tenants share the key. @throws AppError `vendor_busy` (retryable), and what asking throws */
  admit: <T>(ask: () => Promise<T>) => Promise<T>;
}

/** The mask is mandatory, and what is in it decides the price. */
const FIELDS = "places.id,places.displayName,places.location,places.businessStatus";
/** The most that one answer holds. */
const PAGE_SIZE = 20;
/** The longest radius that is taken. */
const MOST_METRES = 50_000;
const TIMEOUT_MS = 15_000;

const answerSchema = z.looseObject({
  places: z
    .array(
      z.looseObject({
        id: z.string().min(1).max(300),
        displayName: z.looseObject({ text: z.string().transform((text) => text.slice(0, 255)) }).optional(),
        location: z.looseObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }).optional(),
        businessStatus: z.string().optional(),
      }),
    )
    .max(100)
    .default([]),
});

/**
 * @throws (search) AppError 502 `places_refused` (a key that is not valid, or not for this API), 502 `places_busy` and
 *   `places_unavailable` (retryable); what `admit` throws
 */
export const createGooglePlaces = ({ baseUrl, apiKey, fetch, admit }: GooglePlacesOptions) => ({
  /** At most 20, those first that Google thinks are meant. Places without a name or a location are left out. */
  async search({ text, type, country, language, around, radius_km }: PlacesQuestion): Promise<GooglePlace[]> {
    const body = {
      textQuery: text,
      regionCode: country,
      languageCode: language,
      pageSize: PAGE_SIZE,
      locationBias: { circle: { center: { latitude: around.lat, longitude: around.lon }, radius: Math.min(MOST_METRES, Math.round(radius_km * 1000)) } },
      ...(type === null ? {} : { includedType: type, strictTypeFiltering: true }),
    };
    try {
      const response = await admit(async () =>
        fetch(`${baseUrl}/v1/places:searchText`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Goog-Api-Key": apiKey, "X-Goog-FieldMask": FIELDS },
          body: JSON.stringify(body),
          redirect: "manual",
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      );
      if (!response.ok) {
        await response.body?.cancel();
        if (response.status === 429) throw vendorError("places_busy", "Google Places has had enough of us for now (429).", { retryable: true });
        if (response.status >= 500) throw vendorError("places_unavailable", `Google Places answered ${response.status}.`, { retryable: true });
        throw vendorError("places_refused", `Google Places refuses (${response.status}): is the key valid, and for this API?`, { retryable: false });
      }
      return answerSchema.parse(await response.json()).places.flatMap(({ id, displayName, location, businessStatus }) =>
        displayName === undefined || location === undefined ? [] : [{ id, name: displayName.text, point: { lat: location.latitude, lon: location.longitude }, closed: businessStatus === "CLOSED_PERMANENTLY" }],
      );
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw vendorError("places_unavailable", `Google Places was not reached: ${describeError(error)}`, { retryable: true, cause: error });
    }
  },
});

export type GooglePlaces = ReturnType<typeof createGooglePlaces>;
