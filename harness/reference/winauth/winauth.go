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
	// Schemes are those that are offered, in the order of the answer's WWW-Authenticate lines.
	Schemes []string
	// Target is what the server says of itself in a challenge.
	Target ntlm.Target
	// Now tells the time of a challenge.
	Now func() time.Time
	// Judge finds the account whose password made a proof, by its name; false refuses.
	Judge func(r *http.Request, p *ntlm.Proof) (account string, ok bool)
	// Kerberos is nil where the server has no keytab.
	Kerberos *Kerberos
	// Begun is told of every challenge that is given; nil for nobody.
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
	scheme, encoded, _ := strings.Cut(header, " ")
	for _, offered := range a.Schemes {
		if !strings.EqualFold(scheme, offered) {
			continue
		}
		token, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || len(token) == 0 {
			return a.refuse(c)
		}
		if offered == SchemeNTLM {
			return a.ntlm(c, r, SchemeNTLM, token, false)
		}
		return a.negotiate(c, r, token)
	}
	if header == "" && c.account != "" {
		return Decision{Account: c.account}
	}
	d := a.refuse(c)
	d.Tried = header != ""
	return d
}

// refuse ends what is under way on the connection and offers all schemes anew.
func (a *Authority) refuse(c *connection) Decision {
	c.exchange, c.account = nil, ""
	return Decision{Challenges: a.Schemes, Tried: true}
}

// ntlm takes one step of an NTLM login.
func (a *Authority) ntlm(c *connection, r *http.Request, scheme string, message []byte, wrapped bool) Decision {
	if ntlm.IsNegotiate(message) {
		exchange, challenge, err := ntlm.Begin(a.Target, a.Now(), message)
		if err != nil {
			return a.refuse(c)
		}
		if a.Begun != nil {
			a.Begun(exchange)
		}
		c.exchange, c.account = exchange, ""
		if wrapped {
			return a.step(c, spnego.NegStateAcceptIncomplete, ntlmID, challenge)
		}
		return Decision{Challenges: []string{line(scheme, challenge)}, Continues: true}
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
			return a.known(c, account, wrapped)
		}
	}
	return a.refuse(c)
}

// known ends an NTLM login that has succeeded.
func (a *Authority) known(c *connection, account string, wrapped bool) Decision {
	d := Decision{Account: account}
	if a.Persistent {
		c.account = account
	}
	if wrapped {
		d.Challenges = a.step(c, spnego.NegStateAcceptCompleted, ntlmID, nil).Challenges
	}
	return d
}

// negotiate takes one step under Negotiate: of NTLM, bare or in SPNEGO, or of Kerberos.
func (a *Authority) negotiate(c *connection, r *http.Request, token []byte) Decision {
	if ntlm.Is(token) {
		return a.ntlm(c, r, SchemeNegotiate, token, false)
	}
	offered, message, err := unwrap(token)
	switch {
	case err != nil:
		return a.refuse(c)
	case offered == nil || offered[0].Equal(ntlmID):
		return a.ntlm(c, r, SchemeNegotiate, message, true)
	case a.Kerberos != nil && slices.ContainsFunc(kerberosIDs, offered[0].Equal):
		account, ok := a.Kerberos.accept(token)
		if !ok {
			return a.refuse(c)
		}
		d := a.step(c, spnego.NegStateAcceptCompleted, kerberosID, nil)
		d.Account, d.Continues = account, false
		return d
	case slices.ContainsFunc(offered, ntlmID.Equal):
		// The client's first choice is not to be had; the message that came with it is not for NTLM.
		c.exchange, c.account = nil, ""
		return a.step(c, spnego.NegStateAcceptIncomplete, ntlmID, nil)
	}
	return a.refuse(c)
}

// step answers with a token of SPNEGO.
func (a *Authority) step(c *connection, state spnego.NegState, chosen asn1.ObjectIdentifier, message []byte) Decision {
	token, err := wrap(state, chosen, message)
	if err != nil {
		return a.refuse(c)
	}
	return Decision{Challenges: []string{line(SchemeNegotiate, token)}, Continues: true}
}

func line(scheme string, token []byte) string {
	return scheme + " " + base64.StdEncoding.EncodeToString(token)
}
