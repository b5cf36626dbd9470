// Package kdc runs a Kerberos key distribution centre on loopback for tests: MIT's own, with a realm, a database and
// configuration files of its own in a folder that the caller gives and removes. It leaves the machine's Kerberos alone,
// and nothing that it starts looks beyond loopback.
package kdc

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Realm is the realm of every KDC of this package.
const Realm = "EXAMPLE.COM"

// ErrMissing is wrapped by the error of Start on a machine without the programs (Debian: krb5-kdc, krb5-admin-server).
var ErrMissing = errors.New("MIT Kerberos is not installed")

// readyTime bounds the wait for the KDC's word that it listens.
const readyTime = 30 * time.Second

// KDC is one that runs. Its methods may be used by several goroutines, one after the other.
type KDC struct {
	dir, address string
	daemon       *exec.Cmd
	ended        chan struct{}
	closeOnce    sync.Once
	programs     map[string]string
}

// programs that this package runs; Debian keeps them out of the path of ordinary users.
func programs() (map[string]string, error) {
	found := map[string]string{}
	for _, name := range []string{"krb5kdc", "kdb5_util", "kadmin.local"} {
		path, err := exec.LookPath(name)
		for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
			if err != nil {
				path, err = exec.LookPath(filepath.Join(dir, name))
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s is not to be found", ErrMissing, name)
		}
		found[name] = path
	}
	return found, nil
}

// Start makes a realm in a folder and runs its KDC on a free port of 127.0.0.1. The caller ends it with Close.
func Start(ctx context.Context, dir string) (*KDC, error) {
	found, err := programs()
	if err != nil {
		return nil, err
	}
	address, err := free()
	if err != nil {
		return nil, err
	}
	k := &KDC{dir: dir, address: address, programs: found, ended: make(chan struct{})}
	for name, text := range map[string]string{"krb5.conf": k.clientConfiguration(), "kdc.conf": k.serverConfiguration()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("configuring the KDC: %w", err)
		}
	}
	// The database is thrown away with the folder; its master password protects nothing.
	if err := k.run(ctx, "kdb5_util", "create", "-r", Realm, "-s", "-P", "conform"); err != nil {
		return nil, err
	}
	if err := k.listen(ctx); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

// free finds a port that nothing listens on.
func free() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a port for the KDC: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

func (k *KDC) clientConfiguration() string {
	return fmt.Sprintf(`[libdefaults]
  default_realm = %[1]s
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  %[1]s = {
    kdc = %[2]s
  }
[domain_realm]
  localhost = %[1]s
`, Realm, k.address)
}

func (k *KDC) serverConfiguration() string {
	return fmt.Sprintf(`[kdcdefaults]
  kdc_listen = %[2]s
  kdc_tcp_listen = %[2]s
[realms]
  %[1]s = {
    database_name = %[3]s/principal
    key_stash_file = %[3]s/stash
    max_life = 1h
    max_renewable_life = 1h
  }
[logging]
  kdc = STDERR
  admin_server = STDERR
`, Realm, k.address, k.dir)
}

// Environment is what programs and libraries need to use the realm, besides the process's own environment.
func (k *KDC) Environment() []string {
	return []string{
		"KRB5_CONFIG=" + filepath.Join(k.dir, "krb5.conf"), "KRB5_KDC_PROFILE=" + filepath.Join(k.dir, "kdc.conf"),
		"KRB5CCNAME=FILE:" + filepath.Join(k.dir, "tickets"), "KRB5RCACHETYPE=none",
	}
}

// Address is the KDC's host:port, the same for TCP and UDP.
func (k *KDC) Address() string { return k.address }

// listen starts the daemon and waits until it says that it is in operation.
func (k *KDC) listen(ctx context.Context) error {
	k.daemon = exec.Command(k.programs["krb5kdc"], "-n", "-r", Realm)
	k.daemon.Env = append(os.Environ(), k.Environment()...)
	output, err := k.daemon.StderrPipe()
	if err != nil {
		return fmt.Errorf("starting the KDC: %w", err)
	}
	if err := k.daemon.Start(); err != nil {
		k.daemon = nil
		return fmt.Errorf("starting the KDC: %w", err)
	}
	ready := make(chan error, 1)
	go func() {
		defer close(k.ended)
		lines, said := bufio.NewScanner(output), ""
		for lines.Scan() {
			if said += lines.Text() + "; "; strings.Contains(lines.Text(), "commencing operation") {
				ready <- nil
				break
			}
		}
		_, _ = io.Copy(io.Discard, output)
		err := k.daemon.Wait()
		select {
		case ready <- fmt.Errorf("the KDC has ended (%w): %s", errors.Join(err, lines.Err()), said):
		default: // it had been ready
		}
	}()
	timer := time.NewTimer(readyTime)
	defer timer.Stop()
	select {
	case err := <-ready:
		return err
	case <-timer.C:
		return fmt.Errorf("the KDC did not come into operation within %s", readyTime)
	case <-ctx.Done():
		return fmt.Errorf("starting the KDC: %w", ctx.Err())
	}
}

// AddUser adds a user with a password.
func (k *KDC) AddUser(ctx context.Context, name, password string) error {
	return k.run(ctx, "kadmin.local", "-r", Realm, "addprinc", "-pw", password, name)
}

// AddService adds a service with random keys, such as HTTP/localhost, and returns the file with them.
func (k *KDC) AddService(ctx context.Context, name string) (keytab string, err error) {
	if err := k.run(ctx, "kadmin.local", "-r", Realm, "addprinc", "-randkey", name); err != nil {
		return "", err
	}
	return k.Keytab(ctx, name)
}

// Keytab writes the keys of a user or a service to a new file. Keys that were made from a password stay as they are.
func (k *KDC) Keytab(ctx context.Context, name string) (string, error) {
	file := filepath.Join(k.dir, strings.NewReplacer("/", "-", "@", "-").Replace(name)+".keytab")
	return file, k.run(ctx, "kadmin.local", "-r", Realm, "ktadd", "-norandkey", "-k", file, name)
}

// run runs one of the programs to its end.
func (k *KDC) run(ctx context.Context, program string, arguments ...string) error {
	cmd := exec.CommandContext(ctx, k.programs[program], arguments...)
	cmd.Env = append(os.Environ(), k.Environment()...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	// The arguments may hold a password, and stay out of the error.
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s: %w: %s", program, err, strings.Join(strings.Fields(output.String()), " "))
	}
	return nil
}

// Close ends the KDC and waits until it has ended.
func (k *KDC) Close() {
	k.closeOnce.Do(func() {
		if k.daemon == nil {
			return
		}
		_ = k.daemon.Process.Kill() // what it has to lose is thrown away
		<-k.ended
	})
}
