import { z } from 'zod';
import type { EngineClient } from '../engine-process/client.ts';
import type { EngineRequest } from '../../shared/ipc/contract.ts';
import { requestSchema } from '../../shared/ipc/contract.ts';
import type { HostRequest } from '../../shared/ipc/studio/host.ts';
import type { HostMessage, PageRequest } from '../../shared/ipc/studio/studio.ts';
import { pageRequestSchema } from '../../shared/ipc/studio/studio.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Recents } from './recents.ts';

/** What a shell can do for its page beside passing requests on. */
export interface HostActions {
  readonly recents: Recents;
  choose(request: Extract<HostRequest, { type: 'choose' }>): Promise<Result<readonly string[]>>;
  reveal(path: string): Promise<Result<void>>;
  notify(title: string, body: string): void;
  setTheme(theme: Extract<HostRequest, { type: 'theme' }>['theme']): void;
}

/** One page's connection while a request is carried out. */
export interface Asker {
  readonly engine: EngineClient;
  readonly actions: HostActions;
  send(message: HostMessage): void;
  /** Kept until the page goes away. */
  onLeave(end: () => void): void;
  /** Events that belong after the answer that names their job. */
  afterAnswers(send: () => void): void;
}

/** Does what a page asks, and answers by the request's id. */
export async function answerPage(asker: Asker, message: unknown): Promise<void> {
  const request = parseRequest(message);
  if (!request.ok) {
    asker.send({ type: 'refusal', id: null, error: request.error });
    return;
  }
  const { id } = request.value;
  const answer = await carryOut(asker, request.value);
  asker.send(answer.ok ? answer.value : { type: 'refusal', id, error: answer.error });
}

async function carryOut(asker: Asker, request: PageRequest): Promise<Result<HostMessage>> {
  if (isForEngine(request)) {
    const done = await askEngine(asker, request);
    return done.ok ? ok({ type: 'answer', id: request.id, jobId: done.value }) : done;
  }
  return askHost(asker.actions, request);
}

const engineTypes: ReadonlySet<string> = new Set(requestSchema.options.map(({ shape }) => shape.type.value));

function isForEngine(request: PageRequest): request is EngineRequest {
  return engineTypes.has(request.type);
}

async function askEngine(asker: Asker, request: EngineRequest): Promise<Result<string | null>> {
  const { engine } = asker;
  switch (request.type) {
    case 'start':
      return engine.start(request.job);
    case 'pause':
      return about(request.jobId, await engine.pause(request.jobId));
    case 'hold':
      return about(request.jobId, await engine.hold(request.jobId, request.isOn));
    case 'unpause':
      return about(request.jobId, await engine.unpause(request.jobId));
    case 'cancel':
      return about(request.jobId, await engine.cancel(request.jobId));
    case 'stop':
      return about(request.jobId, await engine.stop(request.jobId));
    case 'join': {
      const joined = await engine.join(request.jobId, request.afterSeq, (event) => {
        asker.afterAnswers(() => {
          asker.send({ type: 'event', event });
        });
      });
      if (joined.ok) asker.onLeave(joined.value);
      return about(request.jobId, joined);
    }
    case 'shutdown':
      return err(thawError('usage', 'A page cannot end the engine.'));
    default:
      return unreachable(request);
  }
}

async function askHost(actions: HostActions, request: HostRequest): Promise<Result<HostMessage>> {
  const { id } = request;
  switch (request.type) {
    case 'choose': {
      const chosen = await actions.choose(request);
      return chosen.ok ? ok({ type: 'chosen', id, paths: [...chosen.value] }) : chosen;
    }
    case 'reveal': {
      const shown = await actions.reveal(request.path);
      return shown.ok ? ok({ type: 'done', id }) : shown;
    }
    case 'recents':
      return ok({ type: 'recents', id, recents: [...actions.recents.list()] });
    case 'add-recent':
      return recents(id, await actions.recents.add(request.recent));
    case 'forget-recent':
      return recents(id, await actions.recents.forget(request.path));
    case 'notify':
      actions.notify(request.title, request.body);
      return ok({ type: 'done', id });
    case 'theme':
      actions.setTheme(request.theme);
      return ok({ type: 'done', id });
    default:
      return unreachable(request);
  }
}

function recents(id: number, changed: Awaited<ReturnType<Recents['add']>>): Result<HostMessage> {
  return changed.ok ? ok({ type: 'recents', id, recents: [...changed.value] }) : changed;
}

function about(jobId: string, result: Result<unknown>): Result<string> {
  return result.ok ? ok(jobId) : result;
}

function parseRequest(message: unknown): Result<PageRequest> {
  const parsed = pageRequestSchema.safeParse(message);
  return parsed.success ? ok(parsed.data) : err(notInContract(z.prettifyError(parsed.error)));
}

/** The refusal of a message that nobody declared. */
export function notInContract(found: string): ThawError {
  return thawError('contract', 'The studio received a message that is not in its contract.', { found });
}
