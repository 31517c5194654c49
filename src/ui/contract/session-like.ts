import type { ChatDrafts } from '../../session/chats/chat-drafts.ts';
import type { Chats } from '../../session/chats/chats.ts';
import type { Models } from '../../session/models/models.ts';
import type { RequestLedger } from '../../session/request-ledger.ts';
import type { Session } from '../../session/session.ts';

/** What the interface uses of a session. `Session` is one, and so is the fixture of the interface's tests. */
export interface SessionLike extends Pick<Session, 'state' | 'subscribe' | 'generation' | 'settings' | 'backends'> {
  readonly chats: Omit<Chats, 'drafts' | 'add' | 'list' | 'read'> & {
    readonly drafts: Pick<ChatDrafts, 'read' | 'write' | 'readAttached' | 'attach'>;
  };
  readonly models: Omit<Models, 'start' | 'browserModelSought' | 'offer' | 'load' | 'unload' | 'markUsed'>;
  readonly ledger: Pick<RequestLedger, 'entries' | 'subscribe'>;
}
