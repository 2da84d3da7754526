package signin

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/proxy"
)

// TokenOptions say how tokens are asked for and where sign-ins are kept.
type TokenOptions struct {
	// Dir is the folder of the sealed sign-ins.
	Dir string
	// Keys holds the key that a file is sealed with: a keyring. nil keeps sign-ins
	// in memory only.
	Keys credential.Store
	// Proxies are the passwords of users at proxies; nil knows none.
	Proxies *proxy.Passwords
	// Program and Version are our name in the authority's logs.
	Program, Version string
	// BrowserTime is how long a person may take in the browser; 0 means 5 minutes.
	BrowserTime time.Duration
	// AnswerTime is how long an authority may take for a token without a person; 0
	// means 14 s.
	AnswerTime time.Duration
	// Notice is told, once for each file, of a *MemoryOnlyError or a
	// *BrokenCacheError: nothing failed, but the person should know. It is called
	// from any goroutine and must not block; nil tells nobody.
	Notice func(error)
	// Changed is told when a person has signed in or out: the account, "" for all. It must
	// not block; ctx may end at once after it. nil tells nobody.
	Changed func(ctx context.Context, account string)
}

// Tokens gives the access tokens of people and applications, and signs them in
// and out. It is a session.Tokens and may be used from several goroutines.
//
// Refresh tokens lie in MSAL's cache, which is sealed into a file for each application and
// cloud; access tokens are held here until they are about to end. It has many methods, as
// it answers three who ask: the doors for a token, the dialog for a sign-in, the list of
// sign-ins for what is there. All go through its one cache.
type Tokens struct {
	o TokenOptions

	mu      sync.Mutex
	clients map[way]*client
	caches  map[origin]*cache
	apps    map[origin]*app
	held    map[tokenKey]heldToken
	turns   map[tokenKey]chan struct{}
}

// NewTokens makes one; nothing is read or asked before the first call.
func NewTokens(o TokenOptions) *Tokens {
	if o.Changed == nil {
		o.Changed = func(context.Context, string) {}
	}
	return &Tokens{
		o: o, clients: map[way]*client{}, caches: map[origin]*cache{}, apps: map[origin]*app{},
		held: map[tokenKey]heldToken{}, turns: map[tokenKey]chan struct{}{},
	}
}

// origin is where tokens come from: an application at a cloud's authority.
type origin struct{ authority, client string }

// tokenKey tells access tokens apart.
type tokenKey struct {
	origin
	account, tenant, scope string
}

// heldToken is an access token in memory.
type heldToken struct {
	token session.Token
	got   time.Time
	seen  uint64 // what the cache had become when the account was last found in it
}

// margin is how long before its end a token is given no more: a command that is
// sent with it must arrive in time, and clocks differ.
const margin = 5 * time.Minute

// Errors of what was asked for, before anything was sent.
var (
	// ErrTenantID: the tenant of a request is no GUID. A name would do for Entra,
	// and none as well, but then nobody could compare.
	ErrTenantID = errors.New("sign in: the tenant is not named by its GUID")
	// ErrClaims: the claims of a challenge are not JSON.
	ErrClaims = errors.New("sign in: the claims of the challenge are not JSON")
	// ErrUnreadableToken: what the authority gave says nothing of its tenant.
	ErrUnreadableToken = errors.New("sign in: the token does not say which tenant it is of")
)

// Token gives a token of the target's account, or of its application where it
// signs in by AuthApp, for the tenant of the request: one that is held, else a new
// one, without the person. It is the only function that asks for tokens; the
// tenant's GUID is never left out, and what comes is compared with it.
//
// Errors: ErrTenantID, ErrClaims, *session.NeedsSignInError, *AuthorityError,
// *session.WrongTenantError, ErrUnreadableToken, ErrNoCertificate,
// *endpoint.InvalidError, and those of the network.
func (t *Tokens) Token(ctx context.Context, to session.Target, r session.TokenRequest) (session.Token, error) {
	m, err := checked(to, r)
	if err != nil {
		return session.Token{}, err
	}
	key := tokenKey{origin: originOf(m), tenant: r.Tenant, scope: cmp.Or(r.Scope, m.Scope)}
	var ask func(context.Context) (session.Token, error)
	if to.Method() == endpoint.AuthApp {
		key.account = m.ClientID
		ask = func(ctx context.Context) (session.Token, error) { return t.application(ctx, to, key, r) }
	} else {
		seen, seeErr := t.cacheOf(key.origin).see(ctx)
		if seeErr != nil {
			return session.Token{}, seeErr
		}
		key.account = holder.AccountKey(to.Account)
		if h, ok := t.lookup(key); ok && h.seen == seen && !r.Fresh && r.Claims == "" {
			return h.token, nil // and nobody has signed out meanwhile
		}
		who, found, findErr := t.find(ctx, to, m)
		if findErr != nil {
			return session.Token{}, findErr
		}
		if !found {
			t.drop(func(k tokenKey) bool { return k.origin == key.origin && k.account == holder.AccountKey(to.Account) })
			return session.Token{}, &session.NeedsSignInError{Account: to.Account, Tenant: r.Tenant, Claims: r.Claims}
		}
		key.account = holder.AccountKey(who.name)
		defer t.mark(key, seen)
		ask = func(ctx context.Context) (session.Token, error) { return t.silent(ctx, to, who, key, r) }
	}
	token, err := t.once(ctx, wayOf(to, key.origin), key, r, ask)
	return token, withConsent(m, r.Tenant, err)
}

// checked gives the sign-in's configuration for a request that can be asked.
func checked(to session.Target, r session.TokenRequest) (endpoint.Modern, error) {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return m, fmt.Errorf("sign in: %w", err)
	}
	if id, ok := endpoint.ParseTenantID(r.Tenant); !ok || id != r.Tenant {
		return m, fmt.Errorf("%w: %q", ErrTenantID, r.Tenant)
	}
	return m, checkClaims(r.Claims)
}

func checkClaims(claims string) error {
	if claims != "" && !json.Valid([]byte(claims)) {
		return ErrClaims
	}
	return nil
}

func originOf(m endpoint.Modern) origin {
	return origin{authority: m.Authority, client: m.ClientID}
}

// once gives the token that is held, or asks for one; who wants the same at the
// same time waits for it and shares it.
func (t *Tokens) once(ctx context.Context, w way, key tokenKey, r session.TokenRequest, ask func(context.Context) (session.Token, error)) (session.Token, error) {
	wanted := time.Now()
	if h, ok := t.lookup(key); ok && !r.Fresh && r.Claims == "" {
		return h.token, nil
	}
	turn := t.turn(key)
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return session.Token{}, context.Cause(ctx)
	}
	defer func() { <-turn }()
	h, ok := t.lookup(key)
	if ok && r.Claims == "" && (!r.Fresh || h.got.After(wanted)) {
		return h.token, nil
	}
	t.drop(func(k tokenKey) bool { return k == key }) // refused, or to be replaced
	token, err := t.answered(ctx, w, ask)
	if err != nil {
		return session.Token{}, err
	}
	t.hold(key, token)
	return token, nil
}

// answerTime is how long an authority may take where nobody waits at a page: with
// the look-up of a tenant before it, less than half a minute.
const answerTime = 14 * time.Second

// answered asks, for as long as an authority may take.
func (t *Tokens) answered(ctx context.Context, w way, ask func(context.Context) (session.Token, error)) (session.Token, error) {
	if err := t.askAtProxy(ctx, w); err != nil {
		return session.Token{}, err
	}
	silence := &url.Error{Op: "Post", URL: w.authority, Err: context.DeadlineExceeded}
	ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(t.o.AnswerTime, answerTime), silence)
	defer cancel()
	token, err := ask(ctx)
	return token, t.heedProxy(ctx, err)
}

func (t *Tokens) turn(key tokenKey) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.turns[key] == nil {
		t.turns[key] = make(chan struct{}, 1)
	}
	return t.turns[key]
}

// lookup gives a token that is good for a while yet.
func (t *Tokens) lookup(key tokenKey) (heldToken, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h, ok := t.held[key]
	if ok && !time.Now().Before(h.token.Expires.Add(-margin)) {
		delete(t.held, key)
		return heldToken{}, false
	}
	return h, ok
}

func (t *Tokens) hold(key tokenKey, token session.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held[key] = heldToken{token: token, got: time.Now()}
}

// mark notes that the account of a token was found in what the cache had become.
func (t *Tokens) mark(key tokenKey, seen uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h, ok := t.held[key]; ok {
		h.seen = seen
		t.held[key] = h
	}
}

// drop forgets the tokens that match.
func (t *Tokens) drop(match func(tokenKey) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key := range t.held {
		if match(key) {
			delete(t.held, key)
		}
	}
}

// Close forgets the access tokens of the target's account for a tenant, or for all
// when tenant is "". The account stays signed in; see SignOut.
func (t *Tokens) Close(to session.Target, tenant string) {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return
	}
	account := holder.AccountKey(to.Account)
	if to.Method() == endpoint.AuthApp {
		account = m.ClientID
	}
	t.drop(func(k tokenKey) bool {
		return k.origin == originOf(m) && k.account == account && (tenant == "" || k.tenant == tenant)
	})
}

// read makes a Token of what the authority gave. tenant is the GUID that was asked
// for; "" takes the one that the token is of.
func read(secret, account string, expires time.Time, tenant string) (session.Token, error) {
	id, err := tenantOf(secret)
	if err != nil {
		return session.Token{}, err
	}
	if tenant != "" && id != tenant {
		return session.Token{}, &session.WrongTenantError{Chosen: tenant, Got: id}
	}
	return session.Token{Secret: credential.NewSecret(secret), Tenant: id, Account: account, Expires: expires}, nil
}

// tenantOf reads "tid". The signature is the server's to check: here it is about
// a mistake of ours, not about a forger.
func tenantOf(secret string) (string, error) {
	parts := strings.Split(secret, ".")
	if len(parts) != 3 {
		return "", ErrUnreadableToken
	}
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return "", ErrUnreadableToken // without what could not be read: it is part of the token
	}
	var claims struct {
		Tenant string `json:"tid"`
	}
	if json.Unmarshal(b, &claims) != nil {
		return "", ErrUnreadableToken
	}
	id, ok := endpoint.ParseTenantID(claims.Tenant)
	if !ok {
		return "", ErrUnreadableToken
	}
	return id, nil
}
