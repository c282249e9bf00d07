/**
 * ONNX Runtime reports its use to its maker unless told not to, and keeps a number for this machine in the user's folder
 * (its docs/Privacy.md). It reads the process's environment when its first session opens; a thread's own copy is not that.
 * On Windows it leaves traces to the system, which sends them if the user has agreed to that there: this changes nothing there.
 * Call it on the main thread, before ONNX Runtime loads.
 */
export function turnTelemetryOff(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}
