// Package winlogin logs requests in under Windows Authentication over HTTP, as a client: by NTLM, under the scheme NTLM
// or Negotiate, or by Kerberos where the target names a realm. What a request logs in with is in its context, so that
// one client can send good credentials, wrong ones and none.
//
// Every login has a connection of its own, which is closed behind it: a server may take a connection that has logged in
// for logged in from then on, and a request that carries no credentials must not travel on such a one.
package winlogin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"github.com/Azure/go-ntlmssp"

	"example.org/conform/harness/client"
)

// Login is what a request logs in with.
type Login struct {
	// Username is user@domain, DOMAIN\user or a name alone.
	Username, Password string
	// Kerberos asks for Kerberos where the target has it; NTLM is taken otherwise. Its password is the target's.
	Kerberos bool
	// Elsewhere sends the proof on another connection than the one whose challenge it answers, after that one has got
	// a challenge of its own. It is for servers under test alone.
	Elsewhere bool
	// Before are logins that are made before it on the same connection. A server that asks for no proof on a connection which has
	// logged in says nothing about the login; see [ErrNoProof].
	Before []Login
	// Unnamed leaves out of the first message that NTLM is wanted, as requests-ntlm does.
	Unnamed bool
	// Negotiate takes the scheme Negotiate where the server offers NTLM too.
	Negotiate bool
	// Wrapped has the messages of NTLM under Negotiate in SPNEGO, as Windows sends them.
	Wrapped bool
	// Half stops at the server's challenge.
	Half bool
	// Method is that of the requests of a login Before another; "" is the request's own.
	Method string
	// Bare sends no credentials after the logins Before it, on their connection.
	Bare bool
	// Proof changes the proof before it is sent; the zero value leaves it as it is. It is for servers under test alone.
	Proof Change
	// Course is told how far the login comes; nil for nobody.
	Course *Course
	// Once says that the server may count the login as one with a wrong password: it is not repeated when the proof may
	// have reached the server and no answer came, since that may have counted.
	Once bool
}

// Change changes the proof of a login, the third message of NTLM ([MS-NLMP], 2.2.1.3), and says what is odd about it.
type Change struct {
	Words string
	Make  func(proof []byte) []byte
}

// ErrNoProof is in the error of a login whose proof is odd, or that comes after others on its connection, where no proof is asked for, or
// the connection is not kept.
var ErrNoProof = errors.New("no proof is asked for there")

type loginKey struct{}

// With returns a context whose requests log in. Those of a context without a login carry no credentials.
func With(ctx context.Context, l Login) context.Context { return context.WithValue(ctx, loginKey{}, l) }

// The schemes.
const (
	schemeNTLM      = "NTLM"
	schemeNegotiate = "Negotiate"
)

// transport is a client's transport that logs in.
type transport struct {
	plain    *http.Transport
	kerberos *Kerberos
}

// Wrap returns the function that wraps a client's transports. The kerberos argument is nil where there is none.
func Wrap(kerberos *Kerberos) func(*http.Transport) http.RoundTripper {
	return func(plain *http.Transport) http.RoundTripper { return transport{plain, kerberos} }
}

// RoundTrip sends a request and, where its context has a login and the server asks for one, logs in. The answer to the
// last step is the answer. The request's body can be had again by GetBody, as http.NewRequest makes it.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	l, ok := req.Context().Value(loginKey{}).(Login)
	if !ok {
		return t.plain.RoundTrip(req)
	}
	a := &attempt{request: req, like: t.plain, course: l.begin()}
	answer, err := a.log(l, t.kerberos)
	if err != nil {
		a.close()
		return nil, err
	}
	// The connections live until the answer's body has been read.
	answer.Body = &closing{answer.Body, a.close}
	return answer, nil
}

// closing closes the connections with the body.
type closing struct {
	io.ReadCloser
	done func()
}

func (c *closing) Close() error {
	err := c.ReadCloser.Close()
	c.done()
	return err
}

// attempt is one request that logs in, and the connections that it has opened.
type attempt struct {
	request *http.Request
	like    *http.Transport
	conns   []*line
	course  *Course
	method  string // in the place of the request's, where it is not ""
}

// open opens a connection for the attempt.
func (a *attempt) open() (*line, error) {
	conn, err := dial(a.request.Context(), a.like, a.request.URL)
	if err == nil {
		a.conns = append(a.conns, conn)
	}
	return conn, err
}

func (a *attempt) close() {
	for _, conn := range a.conns {
		_ = conn.Close()
	}
}

// send sends the request on a connection, with an Authorization or none. The body of the answer before it has been read, or
// the connection would not be free. Without an answer, sent says whether the server may have got any of the request.
func (a *attempt) send(on *line, authorization string) (answer *http.Response, sent bool, err error) {
	var begun atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { begun.Store(true) }}
	req := a.request.Clone(httptrace.WithClientTrace(a.request.Context(), trace))
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return nil, false, fmt.Errorf("reading the request's body: %w", err)
		}
	}
	req.Method = cmp.Or(a.method, req.Method)
	req.Header.Del("Authorization")
	req.Close = false // a login is of the connection
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	answer, err = on.RoundTrip(req)
	return answer, begun.Load(), err
}

// next sends a further step of a login, on the connection of the steps before it and no other.
func (a *attempt) next(on *line, scheme string, message []byte) (answer *http.Response, sent bool, err error) {
	answer, sent, err = a.send(on, scheme+" "+base64.StdEncoding.EncodeToString(message))
	if err != nil && a.request.Context().Err() == nil && (!sent || client.Dropped(err)) {
		err = client.ErrMoved
	}
	return answer, sent, err
}

// log makes the steps of a login. Without a challenge from the server there is none: the request is then answered
// as it is.
func (a *attempt) log(l Login, kerberos *Kerberos) (*http.Response, error) {
	own, err := a.open()
	if err != nil {
		return nil, err
	}
	if len(l.Before) > 0 {
		a.method = l.Before[0].Method
	}
	answer, _, err := a.send(own, "")
	if err == nil && (l.Bare || l.Proof.Make != nil) && answer.StatusCode != http.StatusUnauthorized {
		return nil, errors.Join(ErrNoProof, drain(answer)) // who is let in without a login is asked for none
	}
	if err != nil || answer.StatusCode != http.StatusUnauthorized {
		return answer, err
	}
	offered := challenges(answer.Header)
	a.course.offer(offered)
	_, ntlm := offered[schemeNTLM]
	_, negotiate := offered[schemeNegotiate]
	if !ntlm && !negotiate {
		return answer, nil
	}
	if err := drain(answer); err != nil {
		return nil, err
	}
	if answer.Close || own.Err() != nil { // who asks for a login need not keep the connection for it
		if own, err = a.open(); err != nil {
			return nil, err
		}
	}
	switch {
	case l.Kerberos && kerberos != nil && negotiate:
		client.ShowSent(a.request.Context(), "Authorization", schemeNegotiate+" (Kerberos ticket of "+kerberos.principal()+")")
		authorization, err := kerberos.authorization(a.request.Context())
		if err == nil && own.Err() != nil {
			own, err = a.open() // a ticket is good on any connection
		}
		if err != nil {
			return nil, err
		}
		a.course.Ticket = true
		answer, _, err = a.send(own, authorization)
		return answer, err
	case ntlm && !(negotiate && (l.Negotiate || l.Wrapped)):
		return a.whole(l, schemeNTLM, own)
	}
	return a.whole(l, schemeNegotiate, own)
}

// ntlm makes the steps of NTLM: a first message, the server's challenge, the proof.
func (a *attempt) ntlm(l Login, scheme string, own *line) (*http.Response, error) {
	for _, before := range l.Before {
		a.method = before.Method
		answer, err := a.whole(before, scheme, own)
		if err != nil {
			return nil, err
		}
		if err := drain(answer); err != nil {
			return nil, err
		}
		if answer.Close || own.Err() != nil || !before.Half && !a.course.Challenged {
			return nil, ErrNoProof
		}
	}
	if len(l.Before) > 0 {
		a.method = l.Method
	}
	if l.Bare {
		answer, _, err := a.send(own, "")
		if err != nil && a.request.Context().Err() == nil && client.Dropped(err) {
			err = ErrNoProof
		}
		return answer, err
	}
	client.ShowSent(a.request.Context(), "Authorization", fmt.Sprintf("%s (login of %s with %s, %s)", scheme, l.Username, l.with(), l.where()))
	answer, challenge, err := a.challenge(own, scheme, l)
	if challenge == nil && err == nil && len(l.Before) > 0 && answer.StatusCode/100 == 2 {
		return nil, errors.Join(ErrNoProof, drain(answer)) // else it is refused, which is an answer to the login
	}
	if challenge == nil || err != nil {
		return answer, err
	}
	bound := bind(challenge, own.channel(answer))
	a.course.Challenged, a.course.Bound = true, len(bound) != len(challenge)
	proof, err := ntlmssp.NewAuthenticateMessage(bound, l.Username, l.Password, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("answering the server's NTLM challenge: %w", err), drain(answer))
	}
	if l.Proof.Make != nil {
		proof = l.Proof.Make(proof)
	}
	if err := drain(answer); err != nil {
		return nil, err
	}
	if l.Elsewhere {
		if own, err = a.open(); err != nil {
			return nil, err
		}
		answer, challenge, err := a.challenge(own, scheme, Login{})
		if challenge == nil || err != nil {
			return answer, err
		}
		if err := drain(answer); err != nil {
			return nil, err
		}
	}
	if l.Wrapped {
		if proof, err = laterInSPNEGO(proof); err != nil {
			return nil, err
		}
	}
	answer, sent, err := a.next(own, scheme, proof)
	a.course.Proved = sent
	if err != nil && sent && l.Once {
		// Without what err wraps, by which the client knows a connection that broke.
		err = fmt.Errorf("%w: %v", client.ErrMayHaveCounted, err)
	}
	return answer, err
}

// whole makes a login, or half of it.
func (a *attempt) whole(l Login, scheme string, own *line) (*http.Response, error) {
	if !l.Half {
		return a.ntlm(l, scheme, own)
	}
	client.ShowSent(a.request.Context(), "Authorization", scheme+" (the first message of a login)")
	answer, _, err := a.challenge(own, scheme, Login{})
	return answer, err
}

// with says which password the proof was made with. Evidence shows its name: the exchange itself holds the proof alone, in
// which the right password and a wrong one look alike.
func (l Login) with() string {
	if l.Proof.Words != "" {
		return l.Proof.Words
	}
	if l.Password == "" {
		return "an empty password"
	}
	return "the password " + l.Password
}

// where says which connection the proof goes on.
func (l Login) where() string {
	if l.Elsewhere {
		return "the proof on another connection than its challenge"
	}
	if len(l.Before) > 0 {
		return fmt.Sprintf("on a connection that has logged in %d times", len(l.Before))
	}
	return "one connection"
}

// challenge sends the first message on a connection. Without a challenge in the answer the login is over, and the
// answer is what the request got.
func (a *attempt) challenge(on *line, scheme string, l Login) (*http.Response, []byte, error) {
	first, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		return nil, nil, fmt.Errorf("making the first message of NTLM: %w", err)
	}
	if l.Unnamed {
		first = withoutNTLM(first)
	}
	if l.Wrapped {
		if first, err = inSPNEGO(ntlmID, first); err != nil {
			return nil, nil, err
		}
	}
	answer, _, err := a.next(on, scheme, first)
	if err != nil || answer.StatusCode != http.StatusUnauthorized {
		return answer, nil, err
	}
	encoded := challenges(answer.Header)[scheme]
	challenge, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reading the server's NTLM challenge: %w", err), drain(answer))
	}
	if l.Wrapped {
		challenge = outOfSPNEGO(challenge)
	}
	if !bytes.HasPrefix(challenge, []byte("NTLMSSP\x00")) {
		return answer, nil, nil // none, or a word of Negotiate about another mechanism: no NTLM here
	}
	return answer, challenge, nil
}

// challenges are what an answer offers: schemes, written as this package writes them, and what stands behind each.
func challenges(h http.Header) map[string]string {
	offered := map[string]string{}
	for _, value := range h.Values("WWW-Authenticate") {
		for _, one := range strings.Split(value, ",") { // several may share a line
			name, token, _ := strings.Cut(strings.TrimSpace(one), " ")
			for _, known := range []string{schemeNTLM, schemeNegotiate} {
				if strings.EqualFold(name, known) && offered[known] == "" {
					offered[known] = strings.TrimSpace(token)
				}
			}
		}
	}
	return offered
}
