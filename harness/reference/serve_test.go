package reference_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
)

const profile = "adaxes-2025.1"

// Options that make no sense are refused by name, before anything listens.
func TestServeRefusesOptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options reference.Options
		named   string
	}{
		{reference.Options{Instances: -1}, "-1 instances"},
		{reference.Options{Instances: 17}, "17 instances"},
		{reference.Options{Lifetimes: reference.Lifetimes{Session: -1}}, "a lifetime or the latency is negative"},
		{reference.Options{Lifetimes: reference.Lifetimes{Token: -1}}, "a lifetime or the latency is negative"},
		{reference.Options{Latency: -1}, "a lifetime or the latency is negative"},
		{reference.Options{TLS: true}, "TLS needs a file"},
		{reference.Options{Kerberos: reference.Kerberos{Keytab: "x"}}, "both a keytab and the name"},
		{reference.Options{Kerberos: reference.Kerberos{Realm: "x"}}, "both a keytab and the name"},
		{reference.Options{Kerberos: reference.Kerberos{KDC: "x"}}, "both a keytab and the name"},
		{reference.Options{Kerberos: reference.Kerberos{Keytab: "x", Realm: "x"}}, "knows no Kerberos"},
		{reference.Options{Fault: "made-up"}, `no fault "made-up"`},
		{reference.Options{Variant: "made-up"}, `no variant "made-up"`},
		{reference.Options{Hostile: "made-up"}, `no hostile server "made-up": conform list hostile`},
		{reference.Options{Fault: "made-up", Variant: "never-locked"}, `no fault "made-up"`},
		{reference.Options{Fault: "never-locked"}, `no fault "never-locked"`}, // it is a variant
		{reference.Options{Address: "127.0.0.1"}, "missing port in address"},
		{reference.Options{Address: "127.0.0.1", TLS: true, CAFile: filepath.Join(t.TempDir(), "ca.pem")}, "missing port in address"},
		{reference.Options{TLS: true, CAFile: filepath.Join(t.TempDir(), "nowhere", "ca.pem")}, "writing the authority's certificate"},
	} {
		c.options.Profile = profile
		s, err := reference.Serve(c.options)
		if err == nil {
			s.Close()
			t.Errorf("%s: served", c.named)
		} else if s != nil || !strings.Contains(err.Error(), c.named) {
			t.Errorf("%s: the error is %q", c.named, err)
		}
	}
}

// A profile that nobody serves is answered with those that somebody does, and a fault of another profile is no fault.
func TestServeNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	_, err := reference.Serve(reference.Options{Profile: "adaxes-1999"})
	if err == nil || !strings.Contains(err.Error(), `"adaxes-1999"`) || !strings.Contains(err.Error(), strings.Join(reference.Profiles(), ", ")) {
		t.Errorf("the error is %v", err)
	}
	if all := reference.Profiles(); !slices.IsSorted(all) || !slices.Contains(all, profile) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("profiles %q", all)
	}
	foreign := 0
	for _, f := range reference.Faults() {
		if slices.Contains(f.Profiles, profile) {
			continue
		}
		foreign++
		if s, err := reference.Serve(reference.Options{Profile: profile, Fault: f.Name}); err == nil {
			s.Close()
			if !slices.ContainsFunc(reference.Faults(), func(other fault.Named) bool { return other.Name == f.Name && slices.Contains(other.Profiles, profile) }) {
				t.Errorf("%s has the fault %s of %q", profile, f.Name, f.Profiles)
			}
		}
	}
	if foreign == 0 {
		t.Error("no fault of another profile was tried")
	}
}

// refuses tells whether nobody listens at the address of a URL.
func refuses(t *testing.T, at string) bool {
	t.Helper()
	parsed, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", parsed.Host)
	if err != nil {
		return true
	}
	_ = conn.Close()
	return false
}

func TestCloseLeavesNoListener(t *testing.T) {
	t.Parallel()
	// A request that waits for a day, so that Close has something to end.
	s, err := reference.Serve(reference.Options{Profile: profile, Instances: 2, Latency: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	all := append([]string{s.URL()}, s.Target().Instances...)
	if len(all) != 3 {
		t.Fatalf("addresses %q", all)
	}
	for _, at := range all {
		if refuses(t, at) {
			t.Errorf("nobody listens at %s", at)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(ctx, "GET", s.URL(), nil)
		if err == nil {
			var answer *http.Response
			if answer, err = http.DefaultClient.Do(r); err == nil {
				err = answer.Body.Close()
			}
		}
		ended <- err
	}()
	s.Close()
	s.Close()
	<-ended // with 503 or with a connection that is closed, according to how far it had come
	for _, at := range all {
		if !refuses(t, at) {
			t.Errorf("somebody listens at %s after Close", at)
		}
	}
	if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
		t.Errorf("%d sessions and %d tokens after Close", sessions, tokens)
	}
}

// Where one address cannot be had, none is kept.
func TestServeKeepsNothingOfAFailedStart(t *testing.T) {
	t.Parallel()
	const host = "127.0.0.88" // where no other test of any package listens
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	second, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	shared := net.JoinHostPort(host, strconv.Itoa(second-1)) // the first instance's port is the one taken
	if s, err := reference.Serve(reference.Options{Profile: profile, Instances: 2, Address: shared}); err == nil {
		s.Close()
		t.Error("two servers listen at one address")
	} else if !strings.Contains(err.Error(), "listening") {
		t.Errorf("the error is %v", err)
	} else if strings.Contains(err.Error(), shared) {
		t.Skipf("another program has the port before %d", second)
	}
	if !refuses(t, "http://"+shared) {
		t.Error("the shared address is still listened at")
	}
}

// Instances lie at free ports of their own, and each answers by itself.
func TestInstancesHaveAddresses(t *testing.T) {
	t.Parallel()
	for instances, want := range map[int]int{0: 0, 1: 0, 3: 3} {
		s, err := reference.Serve(reference.Options{Profile: profile, Instances: instances})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		all := s.Target().Instances
		if len(all) != want || slices.Contains(all, s.URL()) {
			t.Fatalf("%d instances at %q", instances, all)
		}
		services := map[string]bool{}
		for _, at := range all {
			for range 2 {
				answer, err := http.Get(at + "/nothing")
				if err != nil {
					t.Fatal(err)
				}
				_ = answer.Body.Close()
				services[answer.Header.Get("Adm-Service")] = true
			}
		}
		if len(services) != want || services[""] {
			t.Errorf("%d instances are known as %v", want, services)
		}
	}
}

// A description has what a target file needs, and leads nowhere.
func TestDescribe(t *testing.T) {
	t.Parallel()
	for _, each := range reference.Profiles() {
		d, err := reference.Describe(each)
		if err != nil {
			t.Fatal(err)
		}
		given := d.Account.Token.Reveal() != "" // where the API hands out nothing
		if d.Profile != each || !strings.HasPrefix(d.URL, "http://127.0.0.1:1") || d.Account.Username == "" || given == (d.Account.Password.Reveal() != "") {
			t.Errorf("%s is described as %+v", each, d)
		}
		if given {
			for _, name := range []string{target.AnotherToken, target.EndedToken, target.LapsedToken} {
				if d.Accounts[name].Token.Reveal() == "" {
					t.Errorf("%s: accounts.%s has no token", each, name)
				}
			}
			continue
		}
		if want := reference.ShortLifetimes(); d.Lifetimes.Token != want.Token && d.Lifetimes.Session != want.Session {
			t.Errorf("%s: lifetimes %+v, want %+v", each, d.Lifetimes, want)
		}
		odd, long := d.Accounts[target.OddPassword].Password.Reveal(), d.Accounts[target.LongPassword].Password.Reveal()
		if !strings.Contains(odd, "+") || len(long) <= target.LongerThan {
			t.Errorf("%s: an odd password %q, and a long one %q", each, odd, long)
		}
	}
	d, err := reference.Describe(profile)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"accessDenied", "disabled", "expired", "lockedOut", "longPassword", "oddPassword", "outsideLogonHours", "passwordExpired", "passwordMustBeChanged"}
	var got []string
	for name, account := range d.Accounts {
		got = append(got, name)
		if account.Username == "" || account.Password.Reveal() == d.Account.Password.Reveal() {
			t.Errorf("%s: %+v", name, account)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("accounts %q, want %q", got, want)
	}
	if d.URL != "http://127.0.0.1:1/restApi" || len(d.Instances) != 2 || d.Instances[1] != "http://127.0.0.1:3/restApi" || d.Account.DownLevelName == "" ||
		!strings.HasPrefix(d.Probe.Path, "/api/directoryObjects?directoryObject=CN") {
		t.Errorf("described as %+v", d)
	}
	if _, err := reference.Describe("adaxes-1999"); err == nil {
		t.Error("a profile without a server is described")
	}
}
