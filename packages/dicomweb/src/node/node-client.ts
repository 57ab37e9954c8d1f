import { bearerAuthorization } from '../bearer-authorization.ts';
import type { AccessTokens } from '../bearer-authorization.ts';
import { createDicomwebClient } from '../client.ts';
import type { DicomwebClient, DicomwebClientOptions } from '../client.ts';
import { nodeTransport } from './node-transport.ts';
import type { NodeTransportOptions } from './node-transport.ts';

/** Options of {@link createNodeClient}. */
export interface NodeClientOptions extends DicomwebClientOptions {
  /** Where requests get their access token from, like the sources of `@ohif-azure/auth/node`. Instead of `authorization`. */
  readonly accessTokenSource?: AccessTokens;
  /** Of the transport, unless `transport` is given. */
  readonly connection?: NodeTransportOptions;
}

/** A {@link DicomwebClient} whose bodies and answers are streams. */
export interface NodeClient extends DicomwebClient {
  /** Closes its connections. Idle ones do not keep the process alive. */
  close(): void;
}

/**
 * Makes a client for one DICOMweb service, with {@link nodeTransport}. Makes no request.
 * @throws TypeError as `createDicomwebClient`, and when both `authorization` and `accessTokenSource` are given.
 */
export function createNodeClient(options: NodeClientOptions): NodeClient {
  const { accessTokenSource, connection, ...rest } = options;
  if (accessTokenSource && rest.authorization) {
    throw new TypeError('createNodeClient: expected authorization or accessTokenSource, not both');
  }
  const own = rest.transport ? undefined : nodeTransport(connection);
  const client = createDicomwebClient({
    ...rest,
    transport: rest.transport ?? own,
    authorization:
      rest.authorization ?? (accessTokenSource && bearerAuthorization(accessTokenSource)),
  });
  return Object.assign(client, { close: () => own?.close() });
}
