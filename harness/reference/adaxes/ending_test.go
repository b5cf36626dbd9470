package adaxes_test

import (
	"bufio"
	"net"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// A termination ends the one session, not its tokens, and is answered 204 whatever it names.
func TestTermination(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: 2}})
	made, other := b.logIn(), b.logIn()
	got := b.issue(made)
	for _, query := range []string{
		"", "?", "?id", "?id=", "?id=made-up", "?id=%zz", "?ids=" + made.SessionID, "?id=" + swapCase(made.SessionID),
		"?id=" + got.ID, "?token=" + url.QueryEscape(got.Token), "?id=made-up&id=" + made.SessionID,
	} {
		b.do("DELETE", "/api/authSessions"+query, "").expect(204)
	}
	b.expectLive(2, 1)
	for i := range 3 {
		b.on(i % 2).terminate(made)
		if got := b.obtain(made).expect(404).fault().Code; got != "notFound" {
			t.Errorf("a terminated session: %s", got)
		}
		b.expectLive(1, 1)
	}
	b.expectRead("a token of the terminated session", got.Token, 200)
	b.expectRead("a token of the other", b.issue(other).Token, 200)
	b.do("DELETE", "/api/authSessions?ID="+other.SessionID, "").expect(204)
	b.expectLive(0, 2)
}

// A destruction ends the one token with its id, and leaves the session and other tokens.
func TestDestruction(t *testing.T) {
	t.Parallel()
	for what, name := range map[string]func(ticket) string{
		"token": func(t ticket) string { return t.Token }, "id": func(t ticket) string { return t.ID },
	} {
		t.Run("by "+what, func(t *testing.T) {
			t.Parallel()
			b := start(t, adaxes.Config{})
			made := b.logIn()
			header, target := b.issue(made), b.issue(made)
			for range 3 {
				b.destroy(name(header), name(target))
				b.expectRead("the destroyed token", target.Token, 401)
				b.expectRead("its id", target.ID, 401)
				b.expectRead("the token in the header", header.Token, 200)
				b.expectRead("its id", header.ID, 200)
				b.expectLive(1, 1)
			}
			b.expectRead("another token of the session", b.issue(made).Token, 200)
			b.destroy(name(header), name(header))
			b.expectRead("a token that was destroyed by itself", header.Token, 401)
			b.expectLive(1, 1)
		})
	}
}

// Nothing is destroyed without a valid credential, and the answer does not tell.
func TestDestructionNeedsACredential(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	got, gone := b.issue(made), b.issue(made)
	b.destroy(gone.Token, gone.Token)
	for _, credential := range []string{"", "made-up", made.SessionID, gone.Token, gone.ID} {
		b.destroy(credential, got.Token)
	}
	for _, query := range []string{"", "?token", "?token=", "?token=made-up", "?token=%zz", "?id=" + made.SessionID, "?tokens=" + url.QueryEscape(got.Token)} {
		b.do("DELETE", "/api/auth"+query, "", "Adm-Authorization", got.Token).expect(204)
	}
	b.expectRead("the token", got.Token, 200)
	b.expectLive(1, 1)
}

// Neither end of a renewal goes with the other.
func TestDestructionAcrossARenewal(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	for i := range 2 {
		old := b.issue(made)
		renewed := b.renew(old.Token, old.Token).ticket()
		gone, left := old, renewed
		if i == 1 {
			gone, left = renewed, old
		}
		b.destroy(left.Token, gone.Token)
		for _, name := range []string{gone.Token, gone.ID} {
			b.expectRead("what was destroyed", name, 401)
			b.renew(left.Token, name).expect(404)
		}
		b.expectRead("the other token", left.Token, 200)
		b.expectRead("the other id", left.ID, 200)
	}
}

// On the wire, a 204 has neither a length nor content, and the connection serves the next request.
func TestNoContentOnTheWire(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	got := b.issue(b.logIn())
	address, err := url.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{
		"/restApi/api/authSessions?id=made-up", "/restApi/api/authSessions", "/restApi/api/auth",
		"/restApi/api/auth?token=" + url.QueryEscape(got.Token),
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		reader := textproto.NewReader(bufio.NewReader(conn))
		for range 2 { // the second answer would begin with whatever followed the first
			request := "DELETE " + target + " HTTP/1.1\r\nHost: " + address.Host + "\r\nAdm-Authorization: " + got.Token + "\r\n\r\n"
			if _, err := conn.Write([]byte(request)); err != nil {
				t.Fatal(err)
			}
			line, err := reader.ReadLine()
			if err != nil || line != "HTTP/1.1 204 No Content" {
				t.Fatalf("%s: %q, %v", target, line, err)
			}
			header, err := reader.ReadMIMEHeader()
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"Content-Length", "Transfer-Encoding", "Content-Type", "Connection"} {
				if values, given := header[name]; given {
					t.Errorf("%s: a 204 with %s: %q", target, name, values)
				}
			}
			if strings.Join(header["Adm-Service"], "") != b.server.Service(0) {
				t.Errorf("%s: Adm-Service %q", target, header["Adm-Service"])
			}
		}
	}
	b.expectLive(1, 0)
}
