// Package winauth is the server's side of Windows Authentication over HTTP ([MS-NTHT], RFC 4559): the schemes NTLM
// and Negotiate, the latter with bare NTLM messages, with NTLM in SPNEGO, and with Kerberos where there is a keytab. It
// answers one question, who a request comes from, and keeps between the requests of one connection what an NTLM login
// needs.
package winauth

import (
	"context"
	"encoding/asn1"
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jcmturner/gokrb5/v8/spnego"

	"example.org/conform/harness/reference/ntlm"
)

// The schemes, as they stand in WWW-Authenticate and Authorization.
const (
	SchemeNTLM      = "NTLM"
	SchemeNegotiate = "Negotiate"
)

// Authority decides who a request comes from. Its fields do not change once it is in use; its functions are called by
// several goroutines at once.
type Authority struct {
	Rules
	// Target is what the server says of itself in a challenge.
	Target ntlm.Target
	// Now tells the time of a challenge.
	Now func() time.Time
	// Judge finds the account whose password made a proof, by its name; false refuses.
	Judge func(r *http.Request, p *ntlm.Proof) (account string, ok bool)
	// Kerberos is nil where the server has no keytab.
	Kerberos *Kerberos
}

// Rules are the decisions of an Authority that can be replaced.
type Rules struct {
	// Schemes are those that are offered, in the order of the answer's WWW-Authenticate lines.
	Schemes []string
	// Begun is told of every NTLM challenge that is given; nil for nobody.
	Begun func(*ntlm.Exchange)
	// Candidates are the exchanges that a proof may answer; own is the connection's, nil when it has none open. A nil
	// function allows own alone, which is what binds a login to its connection.
	Candidates func(own *ntlm.Exchange) []*ntlm.Exchange
	// Persistent lets a connection that has logged in by NTLM make further requests without a login, as IIS does.
	Persistent bool
}

// Decision is what an Authority says of a request.
type Decision struct {
	// Account is who the request comes from; empty when that is not known (yet).
	Account string
	// Challenges are the values of WWW-Authenticate to answer with, with 401 unless Account is known.
	Challenges []string
	// Tried says that the request carried credentials, or a step towards them, which were refused.
	Tried bool
	// Continues says that the login is under way and its next step is the client's.
	Continues bool
}

// connection is what is kept beside a connection. Requests on one connection follow each other, but a client that
// breaks the rules must not break the server.
type connection struct {
	mu       sync.Mutex
	exchange *ntlm.Exchange
	account  string
}

type connectionKey struct{}

// ConnContext is for http.Server.ConnContext: it gives every connection its place for a login under way.
func (a *Authority) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}

// Decide judges the Authorization header of a request. A server that does not use ConnContext knows nobody by NTLM.
func (a *Authority) Decide(r *http.Request) Decision {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	if c == nil {
		c = &connection{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	header := r.Header.Get("Authorization")
	if header == "" && c.account != "" {
		return Decision{Account: c.account}
	}
	scheme, encoded, _ := strings.Cut(header, " ")
	offered := slices.IndexFunc(a.Schemes, func(offered string) bool { return strings.EqualFold(scheme, offered) })
	token, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if offered < 0 || err != nil || len(token) == 0 {
		d := a.refuse(c)
		d.Tried = header != ""
		return d
	}
	if scheme = a.Schemes[offered]; scheme == SchemeNegotiate && !ntlm.Is(token) {
		return a.negotiate(c, r, token)
	}
	return a.ntlm(c, r, token, func(_ spnego.NegState, message []byte) Decision {
		if message == nil {
			return Decision{}
		}
		return step(scheme, message)
	})
}

// refuse ends what is under way on the connection and offers all schemes anew.
func (a *Authority) refuse(c *connection) Decision {
	c.exchange, c.account = nil, ""
	return Decision{Challenges: a.Schemes, Tried: true}
}

// step answers with a message, after which the next step is the client's.
func step(scheme string, message []byte) Decision {
	return Decision{Challenges: []string{scheme + " " + base64.StdEncoding.EncodeToString(message)}, Continues: true}
}

// ntlm takes one step of an NTLM login, and answers with how the negotiation stands and the server's message, if there is
// one.
func (a *Authority) ntlm(c *connection, r *http.Request, message []byte, answer func(spnego.NegState, []byte) Decision) Decision {
	if ntlm.IsNegotiate(message) {
		exchange, challenge, err := ntlm.Begin(a.Target, a.Now(), message)
		if err != nil {
			return a.refuse(c)
		}
		if a.Begun != nil {
			a.Begun(exchange)
		}
		c.exchange, c.account = exchange, ""
		return answer(spnego.NegStateAcceptIncomplete, challenge)
	}
	candidates := []*ntlm.Exchange{c.exchange}
	if a.Candidates != nil {
		candidates = a.Candidates(c.exchange)
	}
	c.exchange = nil // a challenge is good for one answer, whatever the answer
	for _, exchange := range candidates {
		if exchange == nil {
			continue
		}
		proof, err := exchange.Answered(message)
		if err != nil {
			continue
		}
		if account, ok := a.Judge(r, proof); ok {
			if a.Persistent {
				c.account = account
			}
			return answer(spnego.NegStateAcceptCompleted, nil).as(account)
		}
	}
	return a.refuse(c)
}

// as ends a login that has succeeded.
func (d Decision) as(account string) Decision {
	d.Account, d.Continues = account, false
	return d
}

// negotiate takes one step under Negotiate in SPNEGO: of NTLM or of Kerberos.
func (a *Authority) negotiate(c *connection, r *http.Request, token []byte) Decision {
	answer := func(chosen asn1.ObjectIdentifier) func(spnego.NegState, []byte) Decision {
		return func(state spnego.NegState, message []byte) Decision {
			return step(SchemeNegotiate, wrap(state, chosen, message))
		}
	}
	offered, message, err := unwrap(token)
	switch {
	case err != nil:
		return a.refuse(c)
	case offered == nil || offered[0].Equal(ntlmID):
		return a.ntlm(c, r, message, answer(ntlmID))
	case a.Kerberos != nil && slices.ContainsFunc(kerberosIDs, offered[0].Equal):
		account, ok := a.Kerberos.accept(token)
		if !ok {
			return a.refuse(c)
		}
		return answer(kerberosID)(spnego.NegStateAcceptCompleted, nil).as(account)
	case slices.ContainsFunc(offered, ntlmID.Equal):
		// The client's first choice is not to be had; the message that came with it is not for NTLM.
		c.exchange, c.account = nil, ""
		return answer(ntlmID)(spnego.NegStateAcceptIncomplete, nil)
	}
	return a.refuse(c)
}
