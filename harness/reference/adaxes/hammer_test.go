package adaxes_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// step sends a request from a goroutine, checks its status, and reads the body into a value unless that is nil.
func (b bench) step(t *testing.T, want int, into any, method, path, body string, header ...string) {
	answer, err := b.send(method, path, body, header...)
	if err == nil && answer.status != want {
		err = fmt.Errorf("status %d, want %d: %s", answer.status, want, answer.body)
	}
	if err == nil && into != nil {
		err = json.Unmarshal([]byte(answer.body), into)
	}
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
}

// Many clients at once, on every address, while time passes and others look on: each sees its own credentials behave
// as if it were alone, and the counts add up.
func TestManyClients(t *testing.T) {
	t.Parallel()
	const clients, rounds, instances = 16, 8, 3
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: instances, SessionLifetime: time.Hour, TokenLifetime: time.Hour}})
	var all sync.WaitGroup
	var names sync.Map // every session id, ticket id and token
	var twice atomic.Int64
	note := func(name string) {
		if _, given := names.LoadOrStore(name, true); given {
			twice.Add(1)
		}
	}
	probe := "/api/directoryObjects?directoryObject=" + url.QueryEscape(b.server.Accounts()[adaxes.Ordinary].DN)
	account := b.server.Accounts()[adaxes.Ordinary]
	credentials := text(map[string]string{"username": account.Username, "password": account.Password})
	for client := range clients {
		all.Go(func() {
			for round := range rounds {
				home, away := b.on((client+round)%instances), b.on((client+round+1)%instances)
				var made session
				var got, renewed ticket
				b.step(t, 200, &made, "POST", "/api/authSessions/create", credentials)
				home.step(t, 200, &got, "POST", "/api/auth", text(map[string]string{"sessionId": made.SessionID}))
				old := "/api/auth?token=" + url.QueryEscape(got.Token)
				away.step(t, 200, &renewed, "PATCH", old, "", "Adm-Authorization", got.Token)
				for _, name := range []string{made.SessionID, got.ID, got.Token, renewed.ID, renewed.Token} {
					note(name)
				}
				b.clock.Add(time.Millisecond)
				home.step(t, 200, nil, "GET", probe, "", "Adm-Authorization", got.ID)
				away.step(t, 401, nil, "GET", probe, "", "Adm-Authorization", got.ID)
				away.step(t, 200, nil, "GET", probe, "", "Adm-Authorization", got.Token)
				away.step(t, 200, nil, "GET", probe, "", "Adm-Authorization", renewed.ID)
				home.step(t, 401, nil, "GET", probe, "", "Adm-Authorization", renewed.ID)
				b.step(t, 200, nil, "GET", probe, "", "Adm-Authorization", renewed.Token)
				if round%2 == 0 {
					away.step(t, 204, nil, "DELETE", old, "", "Adm-Authorization", renewed.Token)
					b.step(t, 204, nil, "DELETE", "/api/authSessions?id="+made.SessionID, "")
					home.step(t, 404, nil, "PATCH", old, "", "Adm-Authorization", renewed.Token)
				}
				b.server.Live()
				b.server.WrongPasswords()
			}
		})
	}
	all.Wait()
	if n := twice.Load(); n != 0 {
		t.Errorf("%d names were given twice", n)
	}
	const total = clients * rounds
	b.expectLive(total/2, total*3/2)
	b.expectKept(total/2, total*3/2)
}

// However many destroy one token at once, under both its names and while others renew it, it is gone for all when they
// have been answered, and what the renewals gave is not.
func TestManyDestroyers(t *testing.T) {
	t.Parallel()
	const clients, rounds = 12, 10
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: 2}})
	made := b.logIn()
	witness := b.issue(made)
	var renewals atomic.Int64
	for range rounds {
		target := b.on(0).issue(made)
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				method := "DELETE"
				if i%3 == 2 {
					method = "PATCH"
				}
				name := target.Token
				if i%2 == 1 {
					name = target.ID
				}
				answer, err := b.on(0).send(method, "/api/auth?token="+url.QueryEscape(name), "", "Adm-Authorization", witness.Token)
				if method == "PATCH" && answer.status == 200 {
					renewals.Add(1)
				}
				if err != nil || method == "DELETE" && answer.status != 204 || method == "PATCH" && answer.status != 200 && answer.status != 404 {
					t.Errorf("%s: %d, %v", method, answer.status, err)
				}
			})
		}
		all.Wait()
		b.on(0).expectRead("the destroyed token", target.Token, 401)
		b.on(0).expectRead("its id", target.ID, 401)
	}
	b.expectLive(1, 1+int(renewals.Load()))
	b.expectKept(1, 1+int(renewals.Load()))
}
