package adaxes_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	answers := func(a adaxes.AnswerRules) adaxes.Rules { return adaxes.Rules{Answers: a} }
	const earlier, later = adaxes.Profile20232, adaxes.Profile20251
	for _, c := range []struct {
		config adaxes.Config
		named  string
	}{
		{adaxes.Config{}, `profile ""`},
		{adaxes.Config{Config: kernel.Config{Profile: "adaxes-2024.1"}}, `profile "adaxes-2024.1" is none of adaxes-2023.2, adaxes-2025.1`},
		{adaxes.Config{Config: kernel.Config{Profile: "ADAXES-2023.2"}}, `profile "ADAXES-2023.2"`},
		{adaxes.Config{Config: kernel.Config{Profile: earlier, SessionLifetime: -1}}, "SessionLifetime of -1ns"},
		{adaxes.Config{Config: kernel.Config{Profile: later, TokenLifetime: -time.Second}}, "TokenLifetime of -1s"},
		{adaxes.Config{Config: kernel.Config{Profile: later, LockoutFor: -1}}, "LockoutFor of -1ns"},
		{adaxes.Config{Config: kernel.Config{Profile: later, Latency: -1}}, "Latency of -1ns"},
		{adaxes.Config{Config: kernel.Config{Profile: later}, Rules: adaxes.Rules{Seams: adaxes.Seams{KeepEnded: -1}}}, "KeepEnded of -1ns"},
		{adaxes.Config{Config: kernel.Config{Profile: later}, Rules: answers(adaxes.AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: -1}})}, "TimeUnit of -1ns"},
		{adaxes.Config{Config: kernel.Config{Profile: later}, Rules: adaxes.Rules{Requests: adaxes.RequestRules{RequestRules: requestRules{MaxBody: -1}}}}, "MaxBody of -1"},
		{adaxes.Config{Config: kernel.Config{Profile: later, Instances: -1}}, "Instances of -1"},
	} {
		server, err := adaxes.New(c.config)
		if err == nil || server != nil || !strings.Contains(err.Error(), c.named) || !strings.HasPrefix(err.Error(), "adaxes reference server: ") {
			t.Errorf("%s: served %t, error %v", c.named, server != nil, err)
		}
	}
	for _, config := range []adaxes.Config{
		{Config: kernel.Config{LockoutAfter: -1}}, {Rules: answers(adaxes.AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: time.Second}})}, {Config: kernel.Config{Instances: 64}},
	} {
		config.Profile = adaxes.Profile20251
		server, err := adaxes.New(config)
		if err != nil {
			t.Fatal(err)
		}
		server.Close()
	}
}

// Two servers share no secret.
func TestServersAreApart(t *testing.T) {
	t.Parallel()
	one, other := start(t, adaxes.Config{}), start(t, adaxes.Config{})
	ours, theirs := one.server.Accounts(), other.server.Accounts()
	for i := range ours {
		if ours[i].Username != theirs[i].Username || ours[i].Password == theirs[i].Password || ours[i].SID == theirs[i].SID || ours[i].GUID == theirs[i].GUID {
			t.Errorf("the accounts %s of two servers: same secrets, or other names", ours[i].State)
		}
	}
	made := one.logIn()
	other.obtain(made).expect(404)
	other.expectRead("the token of another server", one.issue(made).Token, 401)
	if one.server.Service(0) == other.server.Service(0) {
		t.Error("two servers have one service name")
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	got := b.issue(b.logIn())
	b.server.Close()
	b.server.Close()
	b.expectRead("a token after Close", got.Token, http.StatusServiceUnavailable)
	b.expectLive(0, 0)
	b.expectKept(0, 0)
}

// Close ends the waits of requests in progress; nothing else would in this test's lifetime.
func TestCloseEndsWaits(t *testing.T) {
	t.Parallel()
	server, err := adaxes.New(adaxes.Config{Config: kernel.Config{Profile: adaxes.Profile20251, Latency: 24 * time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	const requests = 8
	arrived, statuses := make(chan struct{}), make(chan int, requests)
	handler := server.Handler()
	url := listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		handler.ServeHTTP(w, r)
	}))
	for range requests {
		go func() {
			answer, err := http.Get(url)
			if err != nil {
				statuses <- 0
				return
			}
			_ = answer.Body.Close()
			statuses <- answer.StatusCode
		}()
	}
	for range requests {
		<-arrived
	}
	if len(statuses) != 0 {
		t.Error("a request was answered before its latency had passed")
	}
	server.Close()
	for range requests {
		if got := <-statuses; got != http.StatusServiceUnavailable {
			t.Errorf("a request that waited: %d", got)
		}
	}
}

// Latency passes in full before a request is looked at, and ends with a client that goes.
func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, err := adaxes.New(adaxes.Config{Config: kernel.Config{Profile: adaxes.Profile20251, Latency: time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		began := time.Now()
		answer := httptest.NewRecorder()
		server.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
		if waited := time.Since(began); waited != time.Minute || answer.Code != http.StatusNotFound {
			t.Errorf("%d after %s", answer.Code, waited)
		}
	})
}
