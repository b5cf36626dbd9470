package reference

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"example.org/conform/harness/fault/hostile"
	"example.org/conform/harness/judge"
	"example.org/conform/harness/target"
)

// Server is a reference server that listens.
type Server struct {
	System
	description *target.Target
	servers     []*http.Server
	wg          sync.WaitGroup
	closeOnce   sync.Once
	base        context.Context // of all requests; its end is that of the connections that were taken over
	end         context.CancelFunc

	judge   *judge.Judge
	weather *weather

	mu       sync.Mutex
	requests []Request // the last ones
	answered int
}

// Serve makes a server and listens. The caller ends it with Close.
func Serve(o Options) (*Server, error) {
	o, err := o.vet()
	if err != nil {
		return nil, err
	}
	system, err := build(o)
	if err != nil {
		return nil, err
	}
	s := &Server{System: system, judge: o.Judge, weather: newWeather(o, system)}
	s.base, s.end = context.WithCancel(context.Background())
	if err := s.listen(o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// listen opens the shared address and, with several instances, one address for each.
func (s *Server) listen(o Options) error {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil {
		return fmt.Errorf("address %q: %w", o.Address, err)
	}
	var config *tls.Config
	kind, _ := hostile.Find(o.Hostile)
	if o.TLS {
		odd, _ := kind.Secured()
		if config, err = secured(host, o.CAFile, odd); err != nil {
			return err
		}
		if !s.OfConnection() && o.Fault+o.Variant+o.Hostile == "" {
			config.NextProtos = []string{"h2", "http/1.1"}
		}
	}
	url, err := s.open(o.Address, s.before(o, s.Handler()), config, kind)
	if err != nil {
		return err
	}
	var instances []string
	for i := 0; o.Instances > 1 && i < o.Instances; i++ {
		instance, err := s.open(net.JoinHostPort(host, instancePort(port, i)), s.before(o, s.Instance(i)), config, kind)
		if err != nil {
			return err
		}
		instances = append(instances, instance)
	}
	if s.description, err = describe(s.System, o, url, instances); err == nil && o.Judge != nil {
		o.Judge.Know(s.description)
	}
	return err
}

// open serves a handler at an address, and returns its URL.
func (s *Server) open(address string, h http.Handler, config *tls.Config, kind hostile.Kind) (string, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", fmt.Errorf("listening: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if config = config.Clone(); config != nil { // net/http changes it, for each server that it is of
		odd, _ := kind.Secured()
		url, listener = "https://"+listener.Addr().String(), tls.NewListener(odd.Over(listener), config)
	} else {
		listener = s.Listen(listener)
	}
	server := &http.Server{
		Handler: s.remember(h), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 1 << 20,
		ErrorLog:    log.New(io.Discard, "", 0), // clients that break off are theirs to report
		ConnContext: s.ConnContext, TLSConfig: config, BaseContext: func(net.Listener) context.Context { return s.base },
	}
	s.servers = append(s.servers, server)
	s.wg.Go(func() { _ = server.Serve(listener) })
	return url, nil
}

// before puts what the options have before an address.
func (s *Server) before(o Options, address http.Handler) http.Handler {
	if o.Inside != nil {
		address = o.Inside(address)
	}
	if kind, err := hostile.Find(o.Hostile); err == nil {
		address = kind.Over(address)
	}
	if s.weather != nil {
		address = s.weather.over(address)
	}
	if s.judge != nil {
		address = s.judge.Watch(address)
	}
	return address
}

// instancePort is the port of instance i: a free one where the shared address has a free one, and otherwise the one
// that follows those before it, so that a firewall or a container can name them all beforehand.
func instancePort(shared string, i int) string {
	n, err := strconv.Atoi(shared)
	if err != nil || n == 0 {
		return "0"
	}
	return strconv.Itoa(n + 1 + i)
}

// describe makes the description of a server: what its operator would write in a target file.
func describe(system System, o Options, url string, instances []string) (*target.Target, error) {
	t := &target.Target{
		Profile: o.Profile, URL: url, Instances: instances,
		Lifetimes: target.Lifetimes{Session: o.Lifetimes.Session, Token: o.Lifetimes.Token},
		Limits:    target.Limits{BadLogins: 64, BadLoginsInARow: 4, Timeout: target.DefaultTimeout},
	}
	t.MaxWait = max(t.Lifetimes.Session, t.Lifetimes.Token)
	if o.TLS {
		file, err := filepath.Abs(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("the authority's certificate: %w", err)
		}
		t.TLS.CAFile = file
	}
	if o.Kerberos.KDC != "" {
		t.Own = map[string]string{"kerberos.realm": o.Kerberos.Realm, "kerberos.kdc": o.Kerberos.KDC}
	}
	system.Describe(t)
	return t, nil
}

// Describe returns the description that a server of the profile would have, without one: its URL leads nowhere and
// its passwords open nothing.
func Describe(profile string) (*target.Target, error) {
	o, err := Options{Profile: profile, Instances: 2, Lifetimes: ShortLifetimes()}.vet()
	if err != nil {
		return nil, err
	}
	system, err := build(o)
	if err != nil {
		return nil, err
	}
	defer system.Close()
	return describe(system, o, "http://127.0.0.1:1", []string{"http://127.0.0.1:2", "http://127.0.0.1:3"})
}

// URL is the base URL of the shared address.
func (s *Server) URL() string { return s.description.URL }

// Target describes the server to a run: its URLs, accounts, lifetimes and probe.
func (s *Server) Target() *target.Target { return s.description }

// Close ends the server and every connection to it.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		s.end()
		s.System.Close() // ends the waits of requests under way
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for _, server := range s.servers {
			if err := server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
				_ = server.Close()
			}
		}
		s.wg.Wait()
	})
}
