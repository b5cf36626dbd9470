package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
)

// ErrCertificateWanted is in the error of an exchange that the server broke off after it had asked for a client certificate, where
// there was none to show.
var ErrCertificateWanted = errors.New("a client certificate was asked for")

// certificateAsked remembers whether a server has asked for a client certificate where there is none.
type certificateAsked struct{ is atomic.Bool }

// by is a configuration that remembers, like another. A server's alert does not always say what it misses: in TLS 1.2 it comes as
// one of a bad certificate, and some servers only close the connection.
func (a *certificateAsked) by(config *tls.Config) *tls.Config {
	config = config.Clone()
	if config == nil || len(config.Certificates) > 0 || config.GetClientCertificate != nil {
		return config
	}
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		a.is.Store(true)
		return &tls.Certificate{}, nil // none is shown
	}
	return config
}

// blamed is the error of an exchange, with ErrCertificateWanted in it where that is why.
func (a *certificateAsked) blamed(err error) error {
	var remote *net.OpError
	if err == nil || !a.is.Load() || !Dropped(err) && !(errors.As(err, &remote) && remote.Op == "remote error") {
		return err
	}
	return fmt.Errorf("%w: %w", ErrCertificateWanted, err)
}
