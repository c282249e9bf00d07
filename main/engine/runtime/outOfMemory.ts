/** Whether an exception is TensorFlow's, or V8's, about memory it could not get. */
export function isOutOfMemory(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  return /OOM when allocating|RESOURCE_EXHAUSTED|Array buffer allocation failed|failed to allocate/i.test(
    cause.message,
  );
}
