import { AppError } from "../errors.ts";

/** Why a file cannot be split. None of them gets better by trying again: the bytes are what they are. */
export type AudioErrorCode = "audio_not_wav" | "audio_unsupported" | "audio_truncated";

export const audioError = (code: AudioErrorCode, message: string): AppError => new AppError({ code, status: 422, message, retryable: false });

/** Whether the bytes are sound but not a WAV that can be split, so that the file may still be used whole. */
export const isUnsplittable = (error: unknown): boolean =>
  error instanceof AppError && (error.code === "audio_not_wav" || error.code === "audio_unsupported");
