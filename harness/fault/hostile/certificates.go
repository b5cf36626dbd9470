package hostile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	number "math/big"
	"net"
	"sync/atomic"
	"time"
)

// Secured is how a kind speaks TLS, below all that it answers. The zero value has nothing odd.
type Secured struct {
	// leaf changes the server's certificate before its authority signs it; nil for nothing.
	leaf func(*x509.Certificate)
	// chain makes another certificate in place of the one that its authority has signed; nil for none. From counts handshakes: those before
	// get the good one.
	chain func(leaf *x509.Certificate) (*tls.Certificate, error)
	from  int64
	// over stands between TLS and the network; nil for nothing.
	over func(net.Conn) net.Conn
}

// Leaf changes the certificate of a server before it is signed.
func (s Secured) Leaf(leaf *x509.Certificate) {
	if s.leaf != nil {
		s.leaf(leaf)
	}
}

// Configure has a configuration with a good certificate show what the kind has instead.
func (s Secured) Configure(config *tls.Config) error {
	if s.chain == nil {
		return nil
	}
	good := config.Certificates[0]
	leaf, err := x509.ParseCertificate(good.Certificate[0])
	if err != nil {
		return fmt.Errorf("the certificate: %w", err)
	}
	other, err := s.chain(leaf)
	if err != nil {
		return fmt.Errorf("making the odd certificate: %w", err)
	}
	if len(other.Certificate) > 0 && other.PrivateKey == nil { // behind the good one
		other.Certificate, other.PrivateKey = append([][]byte{good.Certificate[0]}, other.Certificate...), good.PrivateKey
	}
	var shaken atomic.Int64
	config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if shaken.Add(1) <= s.from {
			return &good, nil
		}
		return other, nil
	}
	config.Certificates, config.SessionTicketsDisabled = nil, true // a session that is resumed shows none
	return nil
}

// Over is a listener whose connections the kind stands before.
func (s Secured) Over(listener net.Listener) net.Listener {
	if s.over == nil {
		return listener
	}
	return &before{listener, s.over}
}

type before struct {
	net.Listener
	over func(net.Conn) net.Conn
}

func (b *before) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return b.over(conn), nil
}

// certificates are the kinds whose TLS is odd, and what they answer is the server's own.
func certificates() (all []Kind) {
	for _, c := range []struct {
		name, story string
		secured     Secured
	}{
		{"certificate-expired", "a certificate that has expired", Secured{leaf: func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-time.Hour)
		}}},
		{"certificate-not-yet-valid", "a certificate that is not valid before tomorrow", Secured{leaf: func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(24*time.Hour), time.Now().Add(48*time.Hour)
		}}},
		{"certificate-of-another-name", "a certificate for another host, whose name would be obeyed", Secured{leaf: func(c *x509.Certificate) {
			c.DNSNames, c.IPAddresses = []string{"other.invalid"}, nil
			c.Subject.CommonName = "\x1b[2J::error::" + Mark
		}}},
		{"certificate-for-nothing", "a certificate for no host, and for no purpose of a server", Secured{leaf: func(c *x509.Certificate) {
			c.DNSNames, c.IPAddresses, c.ExtKeyUsage = nil, nil, []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
		}}},
		{"certificate-of-its-own", "a certificate that is signed by itself", Secured{chain: itself}},
		{"certificate-chain-in-a-circle", "a chain of two authorities that vouch for each other", Secured{chain: circle}},
		{"certificate-chain-of-200-kB", "a good certificate, and 200 kB of others behind it", Secured{chain: behind(200_000)}},
		{"certificate-chain-of-10-MB", "a good certificate, and 10 MB of others behind it", Secured{chain: behind(10_000_000)}},
		{"certificate-changes", "a certificate that is signed by itself, from the tenth handshake on", Secured{chain: itself, from: 10}},
		{"handshake-never-answered", "takes every connection, and answers no handshake", Secured{over: func(c net.Conn) net.Conn { return &odd{Conn: c, read: silent} }}},
		{"handshake-slow", "a byte of the handshake a second", Secured{over: func(c net.Conn) net.Conn { return &odd{Conn: c, write: dribble} }}},
		{"handshake-garbage", "noise where the handshake should be", Secured{over: func(c net.Conn) net.Conn { return &odd{Conn: c, read: noise("\x16\x03\x03\xff\xff\x00\x1b[2J")} }}},
		{"handshake-endless", "empty records of the handshake without an end", Secured{over: func(c net.Conn) net.Conn { return &odd{Conn: c, read: noise("\x16\x03\x03\x00\x00")} }}},
		{"alert-in-handshake", "an alert in answer to each handshake", Secured{over: func(c net.Conn) net.Conn {
			return &odd{Conn: c, read: func(c net.Conn, _ []byte) (int, error) { return said(c, fatalAlert) }}
		}}},
	} {
		all = append(all, Kind{Name: c.name, Story: c.story, secured: &c.secured})
	}
	for _, r := range []row{
		{"alert-in-body", "an alert in the middle of a body", below(fatalAlert), []moment{always, often}},
		{"record-garbage-in-body", "a record that is none in the middle of a body", below("\x17\x03\x03\x00\x05noise"), []moment{always, often}},
		{"connection-cut-in-body", "the end of the connection in the middle of a body, without that of TLS", below(""), []moment{always, often}},
	} {
		for _, m := range r.when {
			k := r.at(m)
			k.secured = &Secured{}
			all = append(all, k)
		}
	}
	return all
}

// fatalAlert is the record of an alert, handshake_failure, that nothing protects.
const fatalAlert = "\x15\x03\x03\x00\x02\x02\x28"

// below says half of a body, and then something on the connection below TLS, which it ends.
func below(record string) says {
	return func(t *turn) bool {
		t.say(text(t.line() + t.fields() + t.length() + "\r\n" + t.body()[:len(t.body())/2]))
		_ = t.Out.Flush()
		if conn, ok := t.Conn.(interface{ NetConn() net.Conn }); ok {
			_, _ = io.WriteString(conn.NetConn(), record)
			_ = conn.NetConn().Close()
		}
		return false
	}
}

// odd is a connection that is read or written in an odd way; nil for its own.
type odd struct {
	net.Conn
	read, write func(net.Conn, []byte) (int, error)
}

func (o *odd) Read(b []byte) (int, error) {
	if o.read == nil {
		return o.Conn.Read(b)
	}
	return o.read(o.Conn, b)
}

func (o *odd) Write(b []byte) (int, error) {
	if o.write == nil {
		return o.Conn.Write(b)
	}
	return o.write(o.Conn, b)
}

// silent takes what comes, until the client gives up.
func silent(c net.Conn, _ []byte) (int, error) {
	_, err := io.Copy(io.Discard, c)
	return 0, errors.Join(io.EOF, err)
}

// dribble writes a byte a second.
func dribble(c net.Conn, b []byte) (n int, err error) {
	for ; n < len(b) && err == nil; time.Sleep(time.Second) {
		var one int
		one, err = c.Write(b[n : n+1])
		n += one
	}
	return n, err
}

// noise writes a text without an end once the client has spoken.
func noise(record string) func(net.Conn, []byte) (int, error) {
	return func(c net.Conn, b []byte) (int, error) {
		if _, err := c.Read(b); err != nil {
			return 0, err
		}
		for s := range endless(record) {
			if _, err := io.WriteString(c, s); err != nil {
				return 0, err
			}
		}
		return 0, io.EOF
	}
}

// said writes a text, and ends the connection.
func said(c net.Conn, record string) (int, error) {
	_, _ = c.Read(make([]byte, 1024))
	_, err := io.WriteString(c, record)
	return 0, errors.Join(io.EOF, err, c.Close())
}

// itself is the certificate, signed by itself.
func itself(leaf *x509.Certificate) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	own := *leaf
	own.PublicKey = nil // it is that of another key
	der, err := x509.CreateCertificate(rand.Reader, &own, &own, &key.PublicKey, key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// circle is the certificate, vouched for by one of two authorities of which each vouches for the other.
func circle(leaf *x509.Certificate) (*tls.Certificate, error) {
	var keys [3]*ecdsa.PrivateKey
	var err error
	for i := range keys {
		if keys[i], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, err
		}
	}
	first, second := authority("first of a circle"), authority("second of a circle")
	der, noLeaf := x509.CreateCertificate(rand.Reader, leaf, first, &keys[2].PublicKey, keys[0])
	one, noFirst := x509.CreateCertificate(rand.Reader, first, second, &keys[0].PublicKey, keys[1])
	other, noSecond := x509.CreateCertificate(rand.Reader, second, first, &keys[1].PublicKey, keys[0])
	return &tls.Certificate{Certificate: [][]byte{der, one, other}, PrivateKey: keys[2]}, errors.Join(noLeaf, noFirst, noSecond)
}

func authority(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: number.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
}

// behind are so many bytes of authorities that nobody needs.
func behind(size int) func(*x509.Certificate) (*tls.Certificate, error) {
	return func(*x509.Certificate) (*tls.Certificate, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		a := authority("of nobody")
		der, err := x509.CreateCertificate(rand.Reader, a, a, &key.PublicKey, key)
		c := &tls.Certificate{}
		for n := 0; n < size && err == nil; n += len(der) {
			c.Certificate = append(c.Certificate, der)
		}
		return c, err
	}
}
