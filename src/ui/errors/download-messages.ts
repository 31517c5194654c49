import { msg, str } from '@lit/localize';
import { formatBytes, formatSeconds } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { chooseModel, continueDownload, file, host, type SomeErrorMessages, text, tryAgain } from './error-message.ts';

/** Messages for errors of downloads. */
export const DOWNLOAD_MESSAGES = {
  offline: () => ({
    title: msg('No connection'),
    meaning: msg('Models on this device keep working.'),
    action: continueDownload(),
  }),
  stalled: () => ({
    title: msg('The connection stalled'),
    meaning: msg('The server stopped sending.'),
    action: continueDownload(),
  }),
  'not-found': ({ url }) => ({
    title: msg('The file was not found'),
    meaning: msg(str`${host(url)} has no such file (404). The model may have been moved or renamed.`),
    action: chooseModel(),
  }),
  'access-denied': ({ url }) => ({
    title: msg('The server refused access to this model'),
    meaning: msg(str`${host(url)} requires a login or an accepted licence first (401 or 403).`),
    action: chooseModel(),
  }),
  'rate-limited': ({ url, retryAfterMs }) => ({
    title: msg('Too many requests'),
    meaning: sentences(
      msg(str`${host(url)} has received too many requests from here.`),
      typeof retryAfterMs === 'number'
        ? msg(str`You can try again in ${formatSeconds(retryAfterMs / 1_000)}.`)
        : msg('Try again in a few minutes.'),
    ),
    action: continueDownload(),
  }),
  'server-error': ({ url, status }) => ({
    title: msg('The server has a problem'),
    meaning: sentences(
      status === undefined
        ? msg(str`${host(url)} answered with an error.`)
        : msg(str`${host(url)} answered with error ${status}.`),
    ),
    action: continueDownload(),
  }),
  'not-weights': ({ url }) => ({
    title: msg('The server sent a web page instead of the model'),
    meaning: msg(
      str`${host(url)} sent a web page. Networks with a login page, such as in hotels, do this. Nothing was stored.`,
    ),
    action: tryAgain(),
  }),
  'file-truncated': ({ path, expectedBytes, receivedBytes }) => ({
    title: msg('A file is incomplete'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`${file(path)} has ${formatBytes(receivedBytes)} of ${formatBytes(expectedBytes)}.`)
        : msg(str`${file(path)} is shorter than the server promised.`),
    ),
    action: continueDownload(),
  }),
  'file-corrupt': ({ path, host: from }) => ({
    title: msg('A file failed verification'),
    meaning: sentences(
      from === undefined
        ? msg(str`${file(path)} has a wrong checksum and was discarded.`)
        : msg(str`${file(path)} from ${text(from)} has a wrong checksum and was discarded.`),
      msg('All other files are kept.'),
    ),
    action: { step: 'download', label: msg('Download it again') },
  }),
  'file-changed': ({ path }) => ({
    title: msg('The model changed on the server'),
    meaning: msg(
      str`${file(path)} differs from the version that this download started with, and mixed versions would not run. Cancel and start again.`,
    ),
  }),
  'blocked-by-policy': ({ host: blocked }) => ({
    title: msg('This page may not connect to that host'),
    meaning: msg(
      str`The page’s security policy does not allow ${text(blocked)}, or a host that it redirects to. In Alcove, allow it in Settings, under Hosts; on another site, its owner can add it to connect-src.`,
    ),
  }),
} satisfies SomeErrorMessages;
