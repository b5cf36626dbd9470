// Package reference starts the reference servers: real implementations of the documented APIs, with short lifetimes,
// named faults and named variants, for the suite's own proof and for the tests of client developers.
package reference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/fault/hostile"
	"example.org/conform/harness/judge"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

// Lifetimes are how long sessions and tokens live; zero means the vendor's default.
type Lifetimes struct{ Session, Token time.Duration }

// ShortLifetimes are long enough for a check on a busy machine and short enough to be waited for.
func ShortLifetimes() Lifetimes {
	return Lifetimes{Session: 1600 * time.Millisecond, Token: 2400 * time.Millisecond}
}

// Options say which server to start, and where.
type Options struct {
	// Profile is the profile that the server keeps.
	Profile string
	// Address is the TCP address of the shared address; empty means a free port of 127.0.0.1.
	Address string
	// Lifetimes are those of sessions and tokens.
	Lifetimes Lifetimes
	// Instances is the number of service instances, 1 when zero. With more than one, each also has an address of
	// its own on the same host: a free port, or where Address names a port, the ports that follow it.
	Instances int
	// TLS serves HTTPS with a certificate of an authority made for this server alone; CAFile is where that
	// authority's certificate is written, and must be set. HTTP/2 is offered beside HTTP/1.1, but not where a login is of its
	// connection, nor with a fault, a variant or a hostile kind: many of those take the connection over, which requests of HTTP/2 share.
	TLS    bool
	CAFile string
	// Fault names one way to be broken, and Variant ways to differ, separated by commas; empty means none.
	Fault, Variant string
	// Hostile names a kind of hostile server that answers in the server's place (package hostile); empty means none.
	Hostile string
	// Inside stands before the server and behind what is hostile, for tests that watch what was asked and answered; nil for nothing.
	Inside fault.Middleware
	// Own is the account to log in with, with the name and the password of its caller's; the zero value has both made up.
	Own kernel.Login
	// Latency is added to each answer.
	Latency time.Duration
	// Kerberos is for systems under Windows Authentication; others refuse it.
	Kerberos Kerberos
	// Judge watches the clients, and has a verdict on them (Server.Verdict); nil for none.
	Judge *judge.Judge
	// Weather is the seed of the weather that clients are to get on with; 0 is none. With it the server differs in some ways that the
	// documents allow, unless Fault, Variant or Hostile says how it is.
	Weather uint64
	// Make makes the system of a profile that is not built in, with its fault and its variant; nil for those that are.
	Make func(Options) (System, error)
}

// Common is what of them a system is configured with, whichever it is.
func (o Options) Common() kernel.Config {
	return kernel.Config{
		Profile: o.Profile, Instances: o.Instances, SessionLifetime: o.Lifetimes.Session, TokenLifetime: o.Lifetimes.Token,
		Latency: o.Latency, Own: o.Own,
	}
}

// Kerberos lets clients log in with tickets of a KDC, besides NTLM. The zero value is none.
type Kerberos struct {
	// Keytab is a file with the keys of the service HTTP/<host>; Realm is the realm of the clients.
	Keytab, Realm string
	// KDC is the KDC's host:port. It is for the description of the server, which then tells a run to use Kerberos; the
	// server itself asks no KDC.
	KDC string
}

// System is one implementation, without its listeners.
type System interface {
	// Handler is the shared address, Instance one instance's own.
	Handler() http.Handler
	Instance(i int) http.Handler
	// Describe fills a description with the server's accounts and whatever else it offers; the URLs are set already.
	Describe(*target.Target)
	// Live counts the sessions and tokens that work at this moment.
	Live() (sessions, tokens int)
	// Endable reports whether the documented API can end what it gives: where it cannot, a run leaves it to its lifetime.
	Endable() bool
	// EndEarly ends a living token before its time, which pick chooses by its place among so many, and returns its name; "" where none lives.
	EndEarly(pick func(n int) int) string
	// OfConnection reports whether a login is of its connection, as under Windows Authentication.
	OfConnection() bool
	// WrongPasswords counts the wrong passwords that were tried on existing accounts, and Wrong those for each of them by its name; what was
	// tried for nobody counts under "".
	WrongPasswords() int
	Wrong() map[string]int
	// Listen has the connections of a plain listener remember what the server wants to know of them.
	Listen(net.Listener) net.Listener
	// ConnContext is http.Server's: it makes the context of the requests on a connection.
	ConnContext(ctx context.Context, c net.Conn) context.Context
	// Close drops all state and ends the waits of requests under way.
	Close()
}

// implementation is how a system's servers are made.
type implementation struct {
	profiles []string
	start    func(Options) (System, error)
	faults   []fault.Named
	variants []fault.Named
	exempt   []fault.Exemption
}

// implement makes the implementation of a system with configurations C and servers S from its catalogue. The configuration
// that the options ask for gets the fault and the variant that they name before a server is made with it.
func implement[C any, S System, PC interface {
	*C
	Common() *kernel.Config
	LoadKerberos(keytab, realm string) error
}](system string, c fault.Catalogue[C], make func(C) (S, error)) implementation {
	return implementation{
		profiles: c.Profiles, faults: c.NamedFaults(system), variants: c.NamedVariants(system), exempt: c.Exempt,
		start: func(o Options) (System, error) {
			var config C
			*PC(&config).Common() = o.Common()
			if o.Kerberos != (Kerberos{}) {
				if err := PC(&config).LoadKerberos(o.Kerberos.Keytab, o.Kerberos.Realm); err != nil {
					return nil, err
				}
			}
			if err := c.Apply(&config, o.Profile, o.Fault, o.Variant); err != nil {
				return nil, err
			}
			return make(config)
		},
	}
}

// Profiles returns the profiles that have a reference server, sorted.
func Profiles() []string {
	return slices.Sorted(slices.Values(collect(func(i implementation) []string { return i.profiles })))
}

// Faults returns every fault of every system, sorted by name.
func Faults() []fault.Named {
	return byName(collect(func(i implementation) []fault.Named { return i.faults }))
}

// Variants returns every variant of every system, sorted by name.
func Variants() []fault.Named {
	return byName(collect(func(i implementation) []fault.Named { return i.variants }))
}

// Exempt returns the requirements that no fault breaks, with the reasons; what several systems give alike it has once.
func Exempt() (all []fault.Exemption) {
	for _, e := range collect(func(i implementation) []fault.Exemption { return i.exempt }) {
		if !slices.ContainsFunc(all, func(known fault.Exemption) bool { return reflect.DeepEqual(known, e) }) {
			all = append(all, e)
		}
	}
	return all
}

func collect[T any](of func(implementation) []T) (all []T) {
	for _, i := range implementations() {
		all = append(all, of(i)...)
	}
	return all
}

func byName(all []fault.Named) []fault.Named {
	slices.SortStableFunc(all, func(a, b fault.Named) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// build makes the server that the options name, without listening.
func build(o Options) (System, error) {
	if o.Make != nil {
		return o.Make(o)
	}
	for _, i := range implementations() {
		if slices.Contains(i.profiles, o.Profile) {
			return i.start(o)
		}
	}
	return nil, fmt.Errorf("no reference server for the profile %q: known profiles are %s", o.Profile, strings.Join(Profiles(), ", "))
}

// vet completes the options.
func (o Options) vet() (Options, error) {
	for _, text := range []string{o.Own.Username, o.Own.Password} {
		switch {
		case o.Own == (kernel.Login{}):
		case text == "":
			return o, errors.New("an account of one's own needs both a name and a password")
		case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
			return o, errors.New("the name or the password of an account of one's own holds a control character, or is not UTF-8 text")
		}
	}
	if o.Instances == 0 {
		o.Instances = 1
	}
	if o.Instances < 0 || o.Instances > 16 {
		return o, fmt.Errorf("%d instances: give a number from 1 to 16", o.Instances)
	}
	if o.Lifetimes.Session < 0 || o.Lifetimes.Token < 0 || o.Latency < 0 {
		return o, errors.New("a lifetime or the latency is negative")
	}
	if kind, err := hostile.Find(o.Hostile); o.Hostile != "" && err != nil {
		return o, err
	} else if _, secured := kind.Secured(); secured && !o.TLS {
		return o, fmt.Errorf("the hostile server %q is one of TLS: serve it with --tls", o.Hostile)
	}
	if o.TLS && o.CAFile == "" {
		return o, errors.New("TLS needs a file for the authority's certificate")
	}
	if k := o.Kerberos; k != (Kerberos{}) && (k.Keytab == "" || k.Realm == "") {
		return o, errors.New("Kerberos needs both a keytab and the name of its realm")
	}
	o.Variant = cmp.Or(o.Variant, o.oddities())
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	return o, nil
}
