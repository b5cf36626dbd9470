package client

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/http/httpproxy"
)

// Proxies names the proxy through which a URL is reached, nil for none.
type Proxies func(*url.URL) (*url.URL, error)

// ProxiesOf reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY from the environment, in large or small letters. A proxy that cannot be one is an
// error, which does not quote it: there may be a password in it. What is on this machine is reached without one.
func ProxiesOf() (Proxies, error) {
	known := httpproxy.FromEnvironment()
	for variable, text := range map[string]string{"HTTP_PROXY": known.HTTPProxy, "HTTPS_PROXY": known.HTTPSProxy} {
		u, err := url.Parse(text)
		if !strings.Contains(text, "://") { // as net/http reads it
			u, err = url.Parse("http://" + text)
		}
		if text != "" && (err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)) {
			return nil, fmt.Errorf("%s in the environment is no URL of a proxy; write it as http://host:port", variable)
		}
	}
	return known.ProxyFunc(), nil
}

// Secrets are the passwords in the URLs of the proxies, and what is sent in their place.
func (p Proxies) Secrets() (all []string) {
	for _, scheme := range []string{"http", "https"} {
		if u, err := p(&url.URL{Scheme: scheme, Host: "host.invalid"}); err == nil && u != nil && u.User != nil {
			if password, set := u.User.Password(); set {
				all = append(all, password)
			} else {
				all = append(all, u.User.Username()) // which is a key where it stands alone
			}
		}
	}
	return all
}

// of is the proxy for a URL, nil for none.
func (p Proxies) of(u *url.URL) *url.URL {
	if p == nil {
		return nil
	}
	proxy, _ := p(u) // what is wrong with it, ProxiesOf has said
	return proxy
}

// ProxyError is what a proxy answered in place of the server that it stands before.
type ProxyError struct {
	// Proxy is its address, without credentials, and Status what it answered.
	Proxy  string
	Status int
	// Tunnel says that it was asked for a connection to Server (CONNECT), and not for an answer.
	Tunnel bool
	Server string
}

// Error says it in one line.
func (e *ProxyError) Error() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return fmt.Sprintf("the proxy %s wants credentials (407)", e.Proxy)
	case e.Tunnel:
		return fmt.Sprintf("the proxy %s lets no connection through to %s (CONNECT is answered %d)", e.Proxy, e.Server, e.Status)
	}
	return fmt.Sprintf("the proxy %s answered %d", e.Proxy, e.Status)
}

// use has a transport go through the proxies.
func (p Proxies) use(t *http.Transport) {
	if p == nil {
		return
	}
	t.Proxy = func(r *http.Request) (*url.URL, error) { return p(r.URL) }
	t.OnProxyConnectResponse = func(_ context.Context, proxy *url.URL, asked *http.Request, answer *http.Response) error {
		if answer.StatusCode != http.StatusOK {
			return &ProxyError{Proxy: proxy.Host, Status: answer.StatusCode, Tunnel: true, Server: asked.Host}
		}
		return nil
	}
}

// refused is the error of an answer that a proxy gave since it wants credentials; nil for any other.
func (p Proxies) refused(a *Answer, u *url.URL) error {
	if proxy := p.of(u); proxy != nil && a.Status == http.StatusProxyAuthRequired {
		return &ProxyError{Proxy: proxy.Host, Status: a.Status}
	}
	return nil
}

// through opens a connection on which the bytes are the server's own: straight, or by a proxy that lets it through. It speaks TLS where
// the URL is https.
func (c *Client) through(ctx context.Context, u *url.URL) (net.Conn, error) {
	host, err := httpguts.PunycodeHostPort(u.Hostname())
	if err != nil {
		return nil, fmt.Errorf("writing the host's name in ASCII: %w", err)
	}
	address := net.JoinHostPort(host, portOf(u))
	dialer := &net.Dialer{Timeout: c.opts.Timeout}
	var conn net.Conn
	if proxy := c.opts.Proxies.of(u); proxy == nil {
		conn, err = dialer.DialContext(ctx, "tcp", address)
	} else {
		conn, err = tunnel(ctx, dialer, proxy, address)
	}
	if err != nil || u.Scheme != "https" {
		return conn, err
	}
	config := c.opts.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config.ServerName = cmp.Or(config.ServerName, host)
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}

// portOf is the port of a URL, that of its scheme where it names none.
func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme])
}

// tunnel is a connection to an address that a proxy lets through.
func tunnel(ctx context.Context, dialer *net.Dialer, proxy *url.URL, address string) (net.Conn, error) {
	if proxy.Scheme != "http" && proxy.Scheme != "https" {
		return nil, &ProxyError{Proxy: proxy.Host, Status: http.StatusNotImplemented, Tunnel: true, Server: address} // SOCKS: net/http alone speaks it
	}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(proxy.Hostname(), portOf(proxy)))
	if err != nil {
		return nil, fmt.Errorf("reaching the proxy %s: %w", proxy.Host, err)
	}
	if proxy.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: proxy.Hostname()})
	}
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{"User-Agent": {"conform"}}}
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		with := http.Request{Header: http.Header{}}
		with.SetBasicAuth(proxy.User.Username(), password)
		ask.Header.Set("Proxy-Authorization", with.Header.Get("Authorization"))
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	err = ask.Write(conn)
	var answer *http.Response
	if err == nil {
		answer, err = http.ReadResponse(bufio.NewReaderSize(&coming{oneByOne{conn}, maxHead, "its answer to CONNECT did not end within 64 KiB"}, 16), ask)
	}
	if err == nil && answer.StatusCode != http.StatusOK {
		err = &ProxyError{Proxy: proxy.Host, Status: answer.StatusCode, Tunnel: true, Server: address}
	} else if err != nil {
		err = fmt.Errorf("asking the proxy %s for a connection: %w", proxy.Host, err)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// oneByOne reads single bytes, so that nothing behind the head of an answer is read with it.
type oneByOne struct{ net.Conn }

func (o oneByOne) Read(b []byte) (int, error) { return o.Conn.Read(b[:min(1, len(b))]) }

// Unreadable says why what a request is about cannot be had, where the way to the server or the server has it so, and what to do about
// it; "" for any other answer.
func Unreadable(a *Answer) (reason, remedy string) {
	p, ok := errors.AsType[*ProxyError](a.Err)
	switch {
	case ok && p.Tunnel && p.Status != http.StatusProxyAuthRequired:
		return p.Error(), "judge from a machine that reaches the server without a proxy, or name the host in NO_PROXY"
	case errors.Is(a.Err, errNewerOnly):
		return a.Err.Error(), "nothing, or have the server offer HTTP/1.1 too"
	}
	return "", ""
}
