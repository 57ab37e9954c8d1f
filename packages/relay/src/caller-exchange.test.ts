import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallerExchange } from './caller-exchange.ts';

function made() {
  const response = Object.assign(new EventEmitter(), { writableFinished: false });
  const request = {} as IncomingMessage;
  const caller = new CallerExchange(request, response as unknown as ServerResponse, '/studies');
  const end = (isAnswered: boolean): void => {
    response.writableFinished = isAnswered;
    response.emit('close');
  };
  return { caller, end };
}

describe('a caller', () => {
  it('that goes away is told of once, to all who still listen', () => {
    const { caller, end } = made();
    const heard: string[] = [];
    caller.onGone(() => heard.push('kept'));
    const forget = caller.onGone(() => heard.push('forgotten'));
    forget();
    expect(caller.isGone).toBe(false);
    end(false);
    end(false);
    expect(caller.isGone).toBe(true);
    expect(heard).toEqual(['kept']);
  });

  it('that goes away aborts the signal, whether it was asked for before or after', () => {
    const { caller, end } = made();
    const { signal } = caller;
    expect(signal.aborted).toBe(false);
    end(false);
    expect(signal.aborted).toBe(true);
    expect(caller.signal).toBe(signal);

    const late = made();
    late.end(false);
    expect(late.caller.signal.aborted).toBe(true);
  });

  it('that has its whole answer has not gone away', () => {
    const { caller, end } = made();
    caller.onGone(() => {
      throw new Error('not to be called');
    });
    end(true);
    expect(caller.isGone).toBe(false);
    expect(caller.signal.aborted).toBe(false);
  });
});
