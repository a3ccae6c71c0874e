import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { type RouteInput, routes, type SignedIn, type SignInAnswer } from '@quantumvault/api';
import type { PublicJwk } from '@quantumvault/crypto';
import type { Actor } from '../../../kernel/actor.ts';
import { type Clock, isoInstant } from '../../../kernel/clock.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { cookieNames, cookieOf, csrfTokenOf, isSameOrigin } from '../../../platform/http/presented-credentials.ts';
import type { QvReply, QvRequest } from '../../../platform/http/request.ts';
import { CLOCK } from '../../../platform/tokens.ts';
import { identityErrors } from '../errors.ts';
import { clearSession, clientOf, deliverSession } from '../sessions/deliver-session.ts';
import { RefreshSession } from '../sessions/refresh-session.ts';
import { SignOut } from '../sessions/usecases/sign-out.ts';
import { SessionKeys } from '../tokens/session-keys.ts';
import { PasswordSignIn } from './password-sign-in.ts';

/** Ways into a session, on with it, and out of it. */
@Controller()
export class SignInController {
  readonly #signIn: PasswordSignIn;
  readonly #refresh: RefreshSession;
  readonly #signOut: SignOut;
  readonly #keys: SessionKeys;
  readonly #clock: Clock;

  constructor(
    @Inject(PasswordSignIn) signIn: PasswordSignIn,
    @Inject(RefreshSession) refresh: RefreshSession,
    @Inject(SignOut) signOut: SignOut,
    @Inject(SessionKeys) keys: SessionKeys,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#signIn = signIn;
    this.#refresh = refresh;
    this.#signOut = signOut;
    this.#keys = keys;
    this.#clock = clock;
  }

  @Endpoint(routes.signIn)
  async signIn(
    @Input() { body }: RouteInput<typeof routes.signIn>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<SignInAnswer> {
    const given = { email: body.email, password: body.password, organizationId: body.organizationId ?? null };
    const answer = await this.#signIn.attempt(given, clientOf(request, body.transport));
    if ('status' in answer) return { ...answer, expiresAt: isoInstant(answer.expiresAt) };
    return deliverSession(answer, reply, this.#clock.now());
  }

  @Endpoint(routes.refreshSession)
  async refresh(
    @Input() { body }: RouteInput<typeof routes.refreshSession>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<SignedIn> {
    const text = body.refreshToken ?? cookieOf(request, cookieNames.refresh);
    if (text === null) throw identityErrors.IDENTITY_SESSION_ENDED();
    const presented = { text, csrfToken: csrfTokenOf(request), isSameOrigin: isSameOrigin(request.headers) };
    const client = clientOf(request, body.refreshToken === undefined ? 'cookie' : 'token');
    return deliverSession(await this.#refresh.redeem(presented, client), reply, this.#clock.now());
  }

  @Endpoint(routes.signOut)
  async signOut(@CurrentActor() actor: Actor, @Res({ passthrough: true }) reply: QvReply): Promise<void> {
    await this.#signOut.execute(actor);
    clearSession(reply);
  }

  /** RFC 7517: the keys that access tokens are verified with, for everybody. */
  @Get('/.well-known/jwks.json')
  @Header('cache-control', 'public, max-age=300')
  publicKeys(): { keys: readonly PublicJwk[] } {
    return { keys: this.#keys.publicKeys() };
  }
}
