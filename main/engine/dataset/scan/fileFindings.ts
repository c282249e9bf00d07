import type { Finding, FindingKind } from '../../../../shared/domain/dataset.ts';
import type { ThawError } from '../../../../shared/errors.ts';
import { extensionOf } from '../../../../shared/domain/imageNames.ts';

/** The finding for a file that cannot be used. */
export function unusable(kind: FindingKind, path: string, found: string): Finding {
  return {
    kind,
    severity: kind === 'not-an-image' ? 'warning' : 'error',
    paths: [path],
    message: `${path} ${sentence(kind, found)}`,
    excluded: true,
  };
}

function sentence(kind: FindingKind, found: string): string {
  switch (kind) {
    case 'empty-file':
      return 'is empty (0 bytes).';
    case 'not-an-image':
      return 'is not an image.';
    case 'unsupported-format':
      return `is ${found}, which Thaw does not decode; save it as JPEG or PNG.`;
    case 'truncated':
      return `is cut short (${found}); copy it again from where it came.`;
    case 'too-large':
      return `is too large to decode: ${found}.`;
    case 'unreadable':
      return `cannot be read: ${found}.`;
    default:
      return `is damaged (${found}).`;
  }
}

/** The finding for a file whose reading failed. */
export function unreadableFile(path: string, error: ThawError): Finding {
  const kind = error.code === 'input-refused' ? 'too-large' : 'unreadable';
  return unusable(error.code === 'engine-crashed' ? 'broken' : kind, path, error.found ?? error.message);
}

/** The finding for an image whose extension names another format; it is used all the same. */
export function misnamed(path: string, format: string): Finding {
  return {
    kind: 'extension-mismatch',
    severity: 'warning',
    paths: [path],
    message: `${path} is named .${extensionOf(path)} but its content is ${format}; the content counts.`,
    excluded: false,
  };
}
