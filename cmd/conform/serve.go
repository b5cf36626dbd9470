package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	playerfault "example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/reports"
)

type serveFlags struct {
	clientFlags
	options    reference.Options
	targetFile string
	username   string
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a reference server, or a player of a contract; its URL is the first line of the output",
		Long: `serve runs the reference server of a profile, or plays a server of any contract that run --contract reads. What is played is the
contract itself, so that a run which finds it conformant says that the contract contradicts itself nowhere, and nothing of the API.`,
		Example: `  conform serve --profile adaxes-2025.1 --target-file target.yaml
  conform run --target-file target.yaml
  conform serve --profile adaxes-2025.1 --judge --for 5m     # a client runs against it meanwhile
  conform serve --contract api.yaml --overlay life.yaml --token-lifetime 5s --target-file target.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd) },
	}
	flags := cmd.Flags()
	f.broughtFlags.addTo(cmd)
	flags.Lookup("contract").Usage = "play a server of this OpenAPI 3 document, which says how its credentials live (openapi/doc.go)"
	f.clientFlags.addTo(cmd)
	o := &f.options
	flags.StringVar(&o.Profile, "profile", "", "profile that the server keeps (this or --contract is required)")
	flags.StringVar(&f.username, "username", "", "name of the account to log in with, whose password is in "+target.EnvPassword+" (default: both made up)")
	flags.StringVar(&o.Address, "addr", "127.0.0.1:0", "address to listen on")
	flags.DurationVar(&o.Lifetimes.Session, "session-lifetime", 0, "lifetime of a session (default: the vendor's)")
	flags.DurationVar(&o.Lifetimes.Token, "token-lifetime", 0, "lifetime of a token (default: the vendor's)")
	flags.IntVar(&o.Instances, "instances", 1, "number of service instances; with several, each has "+
		"an address of its own, on the ports that follow that of --addr")
	flags.StringVar(&o.Fault, "fault", "", "break the server in one way (conform list faults)")
	flags.StringVar(&o.Variant, "variant", "", "let the server differ in ways that the documents allow, separated by commas (conform list variants)")
	flags.StringVar(&o.Hostile, "hostile", "", "answer in one hostile way, without an end or out of all form (conform list hostile)")
	flags.DurationVar(&o.Latency, "latency", 0, "wait before each answer")
	flags.BoolVar(&o.TLS, "tls", false, "serve HTTPS, with a certificate of an authority made for this server")
	flags.StringVar(&o.CAFile, "ca-file", "", "where to write that authority's certificate (default: beside the target file, as ca.pem)")
	flags.StringVar(&o.Kerberos.Keytab, "keytab", "",
		"keys of HTTP/<host>, to accept Kerberos as well (profiles under Windows Authentication)")
	flags.StringVar(&o.Kerberos.Realm, "realm", "",
		"realm of the Kerberos users, who have the names of the server's accounts (needs --keytab)")
	flags.StringVar(&o.Kerberos.KDC, "kdc", "", "host:port of the KDC, for the target file: a run then logs in by Kerberos (needs --keytab)")
	flags.StringVar(&f.targetFile, "target-file", "", "write the description that run --target-file reads, with the passwords in it")
	return cmd
}

func (f serveFlags) serve(cmd *cobra.Command) error {
	if err := f.plays(); err != nil {
		return err
	}
	if f.username != "" {
		f.options.Own.Username, f.options.Own.Password = f.username, os.Getenv(target.EnvPassword)
		if f.options.Own.Password == "" {
			return errors.New("--username: set " + target.EnvPassword + " to the password of the account")
		}
	}
	if f.options.TLS && f.options.CAFile == "" {
		if f.targetFile == "" {
			return errors.New("--tls needs --ca-file or --target-file, to leave the authority's certificate somewhere")
		}
		f.options.CAFile = filepath.Join(filepath.Dir(f.targetFile), "ca.pem")
	}
	if err := f.vet(cmd, &f.options); err != nil {
		return err
	}
	server, err := reference.Serve(f.options)
	if err != nil {
		return err
	}
	defer server.Close()
	if f.targetFile != "" {
		if err := f.write(server.Target()); err != nil {
			return fmt.Errorf("--target-file: %w", err)
		}
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), server.URL()); err != nil {
		return fmt.Errorf("printing the URL: %w", err)
	}
	if f.targetFile == "" && f.username == "" {
		own := server.Target().Account
		fmt.Fprintf(cmd.ErrOrStderr(), "log in as %s with the password %s; --target-file FILE writes all that a run needs\n", own.Username, own.Password.Reveal())
	}
	if f.options.Weather != 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "the weather has the seed %d; --weather %d repeats it, --weather off does without\n", f.options.Weather, f.options.Weather)
	}
	if f.wanted {
		return f.await(cmd, server)
	}
	<-cmd.Context().Done()
	return nil
}

// plays finds what the server keeps: a profile, or a contract that is brought.
func (f *serveFlags) plays() error {
	if err := f.read(); err != nil {
		return err
	}
	switch {
	case f.brought != nil && f.options.Profile != "":
		return errors.New("--profile and --contract are both given: the contract is what is played; leave --profile out")
	case f.brought != nil:
		f.options.Profile, f.options.Make = f.brought.Profile, playerfault.Make(f.brought.Contract)
	case f.options.Profile == "":
		return errors.New("--profile is missing: conform list profiles shows the profiles")
	}
	return nil
}

// generated is the first line of a description that serve has written, by which it knows its own.
const generated = "# Written by conform serve, and written anew by the next: its server's accounts are made up.\n"

// write writes the description of a server, for its owner alone and never over a file that somebody else has written. Whoever waits for it
// never reads a part.
func (f serveFlags) write(t *target.Target) error {
	switch there, err := os.ReadFile(f.targetFile); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case len(there) > 0 && !bytes.HasPrefix(there, []byte(generated)):
		return fmt.Errorf("%s is there and was not written by serve; name another file, or remove it", f.targetFile)
	}
	description, err := t.MarshalFile()
	if err != nil {
		return err
	}
	return reports.WriteFile(f.targetFile, 0o600, func(w io.Writer) error {
		_, err := w.Write(append([]byte(generated), description...))
		return err
	})
}
