// Package kdc runs a Kerberos key distribution centre on loopback for a test: MIT's own, with a realm, a database and
// a configuration of its own in the test's folder. It leaves the machine's Kerberos alone, and nothing that it starts looks
// beyond loopback.
package kdc

import (
	_ "embed" // the configuration
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Realm is the realm of every KDC of this package.
const Realm = "EXAMPLE.COM"

// readyTime bounds the wait for the KDC to listen.
const readyTime = 30 * time.Second

//go:embed krb5.conf
var configuration string

// KDC is one that runs. What it cannot do fails its test.
type KDC struct {
	t            testing.TB
	dir, address string
}

// ForTest starts a KDC that ends with the test. Where MIT Kerberos is not installed (Debian: krb5-kdc, krb5-admin-server and
// krb5-user) the test is skipped, but fails when CI=true: there it has to be.
func ForTest(t testing.TB) *KDC {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("finding a port for the KDC: %v", err)
	}
	k := &KDC{t: t, dir: t.TempDir(), address: free.Addr().String()}
	_ = free.Close() // for the KDC to listen there
	text := strings.NewReplacer("{address}", k.address, "{folder}", k.dir).Replace(configuration)
	if err := os.WriteFile(k.file("krb5.conf"), []byte(text), 0o600); err != nil {
		t.Fatalf("configuring the KDC: %v", err)
	}
	// The database is thrown away with the folder; its master password protects nothing.
	k.run("kdb5_util", "create", "-r", Realm, "-s", "-P", "conform")
	daemon := k.command("krb5kdc", "-n", "-r", Realm)
	if err := daemon.Start(); err != nil {
		t.Fatalf("starting the KDC: %v", err)
	}
	t.Cleanup(func() { _ = daemon.Wait() }) // the test's context has killed it: what it has to lose is thrown away
	for deadline := time.Now().Add(readyTime); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", k.address)
		if err == nil {
			_ = conn.Close()
			return k
		}
		if time.Now().After(deadline) {
			t.Fatalf("the KDC did not come into operation within %s: %v", readyTime, err)
		}
	}
}

func (k *KDC) file(name string) string { return filepath.Join(k.dir, name) }

// Environment is what programs and libraries need to use the realm, besides the process's own environment.
func (k *KDC) Environment() []string {
	return []string{
		"KRB5_CONFIG=" + k.file("krb5.conf"), "KRB5_KDC_PROFILE=" + k.file("krb5.conf"),
		"KRB5CCNAME=FILE:" + k.file("tickets"), "KRB5RCACHETYPE=none",
	}
}

// Address is the KDC's host:port, the same for TCP and UDP.
func (k *KDC) Address() string { return k.address }

// AddUser adds a user with a password.
func (k *KDC) AddUser(name, password string) {
	k.t.Helper()
	k.run("kadmin.local", "-r", Realm, "addprinc", "-pw", password, name)
}

// AddService adds a service with random keys, such as HTTP/localhost, and returns the file with them.
func (k *KDC) AddService(name string) (keytab string) {
	k.t.Helper()
	k.run("kadmin.local", "-r", Realm, "addprinc", "-randkey", name)
	return k.Keytab(name)
}

// Keytab writes the keys of a user or a service to a new file. Keys that were made from a password stay as they are.
func (k *KDC) Keytab(name string) string {
	k.t.Helper()
	file := k.file(strings.NewReplacer("/", "-", "@", "-").Replace(name) + ".keytab")
	k.run("kadmin.local", "-r", Realm, "ktadd", "-norandkey", "-k", file, name)
	return file
}

// run runs one of the programs to its end.
func (k *KDC) run(program string, arguments ...string) {
	k.t.Helper()
	// The arguments may hold a password, and stay out of the error.
	if output, err := k.command(program, arguments...).CombinedOutput(); err != nil {
		k.t.Fatalf("running %s: %v: %s", program, err, output)
	}
}

// command makes the command of a program; Debian keeps these out of the path of ordinary users.
func (k *KDC) command(program string, arguments ...string) *exec.Cmd {
	k.t.Helper()
	for _, name := range []string{program, filepath.Join("/usr/sbin", program), filepath.Join("/usr/local/sbin", program)} {
		if path, err := exec.LookPath(name); err == nil {
			cmd := exec.CommandContext(k.t.Context(), path, arguments...)
			cmd.Env = append(os.Environ(), k.Environment()...)
			return cmd
		}
	}
	say := k.t.Skipf
	if os.Getenv("CI") == "true" {
		say = k.t.Fatalf
	}
	say("%s is not to be found: install krb5-kdc, krb5-admin-server and krb5-user", program)
	return nil // not reached
}
