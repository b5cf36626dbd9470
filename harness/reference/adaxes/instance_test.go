package adaxes_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestInstances(t *testing.T) {
	t.Parallel()
	const instances = 3
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: instances}})
	seen := map[string]bool{}
	for i := range instances {
		if service := b.server.Service(i); service == "" || seen[service] {
			t.Errorf("instance %d is known as %q", i, service)
		}
		seen[b.server.Service(i)] = true
	}
	for home := range instances {
		// Sessions are shared: one instance makes it, another has it issue.
		made := b.on((home + 1) % instances).logIn()
		got := b.on(home).issue(made)
		if got.service != b.server.Service(home) {
			t.Errorf("instance %d answers as %q", home, got.service)
		}
		for i := range instances {
			b.on(i).expectRead("the token", got.Token, 200)
			want := map[bool]int{true: 200, false: 401}[i == home]
			b.on(i).expectRead("the id", got.ID, want)
			if status := b.on(i).renew(got.ID, got.Token).status; status != want {
				t.Errorf("renewing by id on instance %d: %d, want %d", i, status, want)
			}
			if status := b.on(i).renew(got.Token, got.ID).status; status != map[bool]int{true: 200, false: 404}[i == home] {
				t.Errorf("renewing an id on instance %d: %d", i, status)
			}
		}
		away := (home + 1) % instances
		renewed := b.on(away).renew(got.Token, got.Token).ticket()
		if renewed.service != b.server.Service(away) {
			t.Errorf("a renewal on instance %d names %q", away, renewed.service)
		}
		b.on(away).expectRead("the renewed id where it was renewed", renewed.ID, 200)
		b.on(home).expectRead("the renewed id where the old one was issued", renewed.ID, 401)

		b.on(away).destroy(got.Token, got.ID)
		b.on(home).expectRead("a token destroyed by its id elsewhere", got.Token, 200)
		b.on(away).destroy(got.Token, got.Token)
		b.on(home).expectRead("a token destroyed elsewhere", got.Token, 401)
		b.on(home).expectRead("its id", got.ID, 401)
		b.on(away).terminate(made)
		b.on(home).obtain(made).expect(404)
	}
}

// Requests without the header, or with a name of no instance, go round.
func TestBalancerGoesRound(t *testing.T) {
	t.Parallel()
	const instances = 3
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: instances}})
	for i := range 4 * instances {
		header := [][]string{nil, {"Adm-Service", ""}, {"Adm-Service", "made-up"}, {"Adm-Service", strings.ToUpper(b.server.Service(0)) + "x"}}[i%4]
		answer := b.do("GET", "/api/directoryObjects", "", header...).expect(401)
		if got, want := answer.header.Get("Adm-Service"), b.server.Service(i%instances); got != want {
			t.Errorf("request %d: instance %q, want %q", i, got, want)
		}
	}
}

// Requests with the header stay on its instance, and take nobody's turn.
func TestBalancerHonoursTheService(t *testing.T) {
	t.Parallel()
	const instances = 3
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: instances}})
	made := b.logIn() // instance 0
	for i := range instances {
		got := b.issue(made)
		if want := b.server.Service((i + 1) % instances); got.service != want {
			t.Errorf("issue %d: instance %q, want %q", i, got.service, want)
		}
		for range 2 * instances {
			if status := b.read(got.ID, "Adm-Service", got.service); status != 200 {
				t.Errorf("the id with its instance's name: %d", status)
			}
		}
		other := b.server.Service(i % instances)
		if status := b.read(got.ID, "Adm-Service", other); status != 401 {
			t.Errorf("the id with another instance's name: %d", status)
		}
	}
	tally := map[int]int{}
	got := b.issue(made)
	for range 2 * instances {
		tally[b.read(got.ID)]++
		b.expectRead("the token anywhere", got.Token, 200)
	}
	if tally[200]+tally[401] != 2*instances || tally[200] != 2 {
		// Two requests go round for each of the ids': six steps of two visit each of three instances twice.
		t.Errorf("the id without a name came to %v", tally)
	}
}

// A single instance names itself too, and an instance's own address has no use for names.
func TestServiceOfASingleInstance(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	got := b.issue(b.logIn())
	if got.service == "" || got.service != b.server.Service(0) {
		t.Errorf("the service is %q, answers say %q", b.server.Service(0), got.service)
	}
	if status := b.on(0).read(got.ID, "Adm-Service", "made-up"); status != 200 {
		t.Errorf("with another name: %d", status)
	}
}
