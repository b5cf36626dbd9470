package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/testkit/kdc"
	"example.org/conform/harness/verdict"
)

// A run that is given a KDC logs in with tickets, by a password and by a keytab, and finds the same.
func TestRunLogsInByKerberos(t *testing.T) {
	t.Parallel()
	realm := kdc.ForTest(t)
	keys := realm.AddService("HTTP/127.0.0.1")
	server, err := reference.Serve(reference.Options{
		Profile:  "pyramid-2018.5",
		Kerberos: reference.Kerberos{Keytab: keys, Realm: kdc.Realm, KDC: realm.Address()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	described := server.Target()
	user, _, _ := strings.Cut(described.Account.Username, "@")
	realm.AddUser(user, described.Account.Password.Reveal())
	userKeys := realm.Keytab(user)
	for name, change := range map[string]func(*target.Target){
		"password": func(*target.Target) {},
		"keytab":   func(t *target.Target) { t.Own["kerberos.keytab"] = userKeys },
		"krb5.conf": func(t *target.Target) {
			delete(t.Own, "kerberos.kdc")
			t.Own["kerberos.krb5Conf"] = filepath.Join(filepath.Dir(keys), "krb5.conf")
		},
	} {
		// One after the other: to the server, two processes of one user that log in within a microsecond are a replay.
		t.Run(name, func(t *testing.T) {
			given := *described
			given.Own = maps.Clone(described.Own)
			change(&given)
			description, err := given.MarshalFile()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "target.yaml")
			if err := os.WriteFile(file, description, 0o600); err != nil {
				t.Fatal(err)
			}
			o := conform(t, nil, "run", "--target-file", file, "--procs", "2")
			if o.code != verdict.ExitConformant || o.report == nil {
				t.Fatalf("exit code %d: %s%s", o.code, o.stdout, o.stderr)
			}
			if schemes := kerberosLogins(o.report); schemes["Negotiate (Kerberos ticket of "+user+"@"+kdc.Realm+" for HTTP/127.0.0.1)"] == 0 {
				t.Errorf("no login by Kerberos in the evidence: %v", schemes)
			}
		})
	}
}

// granted counts what the requests of a report that got a token had in their Authorization.
func kerberosLogins(r *verdict.Report) map[string]int {
	count := map[string]int{}
	for _, run := range r.Runs {
		for _, c := range run.Checks {
			for _, e := range c.Exchanges {
				for _, h := range e.Request.Headers {
					if h.Name == "Authorization" && e.Response != nil && e.Response.Status == 200 {
						count[h.Value]++
					}
				}
			}
		}
	}
	return count
}
