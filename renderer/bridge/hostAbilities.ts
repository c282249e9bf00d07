import type { HostAbilities, HostKind, Recent } from '../../shared/ipc/studio/host.ts';
import { thawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Bridge } from './bridge.ts';

const unknown: HostKind = { shell: 'browser', canChoose: false, canReveal: false };

let connected: HostAbilities | null = null;

/** The host of this page. Before its greeting it can do nothing, and says so. */
export function host(): HostAbilities {
  return connected ?? abilitiesOver(null, unknown);
}

/** Takes note of what the host said it can do. */
export function connectHost(bridge: Bridge, kind: HostKind): void {
  connected = abilitiesOver(bridge, kind);
}

function abilitiesOver(bridge: Bridge | null, kind: HostKind): HostAbilities {
  const none = err(thawError('engine-crashed', 'There is no connection to the engine.'));
  const recents = async (request: Parameters<Bridge['askHost']>[1]): Promise<Result<readonly Recent[]>> => {
    const answer = await bridge?.askHost('recents', request);
    return answer?.ok === true ? ok(answer.value.recents) : (answer ?? none);
  };
  return {
    ...kind,
    async choose(choice) {
      const answer = await bridge?.askHost('chosen', { type: 'choose', choice });
      return answer?.ok === true ? ok(answer.value.paths) : (answer ?? none);
    },
    async reveal(path) {
      const answer = await bridge?.askHost('done', { type: 'reveal', path });
      return answer?.ok === true ? ok(undefined) : (answer ?? none);
    },
    pathOf: (file) => bridge?.transport.pathOf(file) ?? null,
    recents: () => recents({ type: 'recents' }),
    addRecent: (recent) => recents({ type: 'add-recent', recent }),
    forgetRecent: (path) => recents({ type: 'forget-recent', path }),
    notify(title, body) {
      if (kind.shell === 'window') void bridge?.askHost('done', { type: 'notify', title, body });
      else if ('Notification' in window && Notification.permission === 'granted')
        new Notification(title, { body });
    },
    setTheme(theme) {
      void bridge?.askHost('done', { type: 'theme', theme });
    },
  };
}
