package target

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// all has the words of every system of reader.
func all() Vocabulary {
	var words Vocabulary
	for _, v := range reader().Systems {
		words.Accounts = append(words.Accounts, v.Accounts...)
		if v.Needs != nil {
			words.Needs = v.Needs
		}
	}
	return words
}

func TestKeysAreThoseOfTheDescription(t *testing.T) {
	t.Parallel()
	bare, impatient := &Target{}, &Target{Lifetimes: Lifetimes{Session: time.Minute}}
	for _, c := range []struct {
		of    *Target
		needs []string
		want  []string
	}{
		{bare, []string{"lifetimes.session", "expiry.token", "lifetimes.tokenOutlivesSession"}, []string{"lifetimes"}},
		{impatient, []string{"expiry.session"}, []string{"maxWait"}},
		{bare, []string{"accounts.disabled", "instances", "tls"}, []string{"accounts.disabled", "instances", "an https url"}},
		{bare, []string{"limits.badLogins", "account.domain"}, []string{"limits.badLogins", "account.domain"}},
		{bare, nil, nil},
	} {
		if got := c.of.Keys(c.needs); !slices.Equal(got, c.want) {
			t.Errorf("%v is %v, want %v", c.needs, got, c.want)
		}
	}
}

func TestRemedy(t *testing.T) {
	t.Parallel()
	full := &Target{
		URL:     "https://h",
		Account: Account{Username: "u@d", Password: "p", DownLevelName: `D\u`, Domain: "D"},
		Accounts: map[string]Account{
			"passwordExpired": {}, "disabled": {}, "lockedOut": {}, "nonAdmin": {}, OddPassword: {}, LongPassword: {},
			AnotherToken: {Token: "t"}, EndedToken: {Token: "e"}, LapsedToken: {Token: "l"},
		},
		Probe:     Probe{Path: "/x"},
		Instances: []string{"https://a", "https://b"},
		Lifetimes: Lifetimes{Session: time.Minute, Token: 61 * time.Second},
		MaxWait:   61 * time.Second,
		Own:       map[string]string{"account.authSource": "s"},
	}
	empty := &Target{}
	names := slices.Concat(slices.Collect(maps.Keys(needs)), slices.Collect(maps.Keys(all().Needs)))
	for _, name := range reader().accounts() {
		names = append(names, "accounts."+name)
	}
	for _, need := range names {
		if remedy := all().Remedy(full, need); remedy != "" {
			t.Errorf("a full target lacks %s: %q", need, remedy)
		}
		if remedy := all().Remedy(empty, need); remedy == "" || strings.Contains(remedy, "unknown") || strings.Contains(remedy, "\n") {
			t.Errorf("an empty target lacks %s: %q", need, remedy)
		}
	}
}

func TestRemedySaysWhatToSet(t *testing.T) {
	t.Parallel()
	of := func(session, token, wait time.Duration) *Target {
		return &Target{Lifetimes: Lifetimes{session, token}, MaxWait: wait}
	}
	const second, minute = time.Second, time.Minute
	for _, tt := range []struct {
		target *Target
		need   string
		remedy string // empty: offered
	}{
		{of(0, 0, 0), "expiry.session", "set lifetimes.session to the session lifetime configured on the server, and maxWait to at least as long"},
		{of(0, minute, minute), "expiry.session", "set lifetimes.session to the session lifetime configured on the server (maxWait is 1m)"},
		{of(10*minute, 0, 9*minute), "expiry.session", "set maxWait to 10m or more (it is 9m), or shorten the session lifetime on the server and in lifetimes.session"},
		{of(10*minute, 0, 10*minute), "expiry.session", ""},
		{of(0, 90*minute, 0), "expiry.token", "set maxWait to 1h30m or more (it is 0s), or shorten the token lifetime on the server and in lifetimes.token"},
		{of(0, time.Hour, 2*time.Hour), "expiry.token", ""},
		{of(0, 0, 0), "lifetimes.tokenOutlivesSession", "set lifetimes.session and lifetimes.token to those configured on the server"},
		{of(0, minute, 0), "lifetimes.tokenOutlivesSession", "set lifetimes.session to the session lifetime configured on the server"},
		{of(minute, 0, 0), "lifetimes.tokenOutlivesSession", "set lifetimes.token to the token lifetime configured on the server"},
		{of(minute, minute, 0), "lifetimes.tokenOutlivesSession", "configure a token lifetime of 1m0.5s or more on the server and set lifetimes.token to it (it is 1m)"},
		{of(minute, minute+second, 0), "lifetimes.tokenOutlivesSession", ""},
		{&Target{Instances: []string{"https://a"}}, "instances", "add instances, the base URLs of at least two instances behind url"},
		{&Target{Accounts: map[string]Account{"lockedOut": {}}}, "accounts.disabled", "add accounts.disabled with the username and password of an account in that state"},
		{&Target{}, "account.authSource", "add it"},
		{&Target{}, "accounts.other", `unknown need "accounts.other"`},
		{&Target{}, "", `unknown need ""`},
	} {
		if remedy := all().Remedy(tt.target, tt.need); remedy != tt.remedy {
			t.Errorf("%s: %q; want %q", tt.need, remedy, tt.remedy)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", time.Second: "1s", 90 * time.Second: "1m30s", 10 * time.Minute: "10m", time.Hour: "1h", 100 * time.Minute: "1h40m",
		time.Hour + time.Second: "1h0m1s", 1500 * time.Millisecond: "1.5s",
	} {
		if got := short(d); got != want {
			t.Errorf("short(%v) = %s, want %s", d, got, want)
		}
	}
}
