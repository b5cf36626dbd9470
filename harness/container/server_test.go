package container

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/suites"
)

// The ports and files of a reference server's container. Several instances listen on the ports that follow the first.
const (
	referencePort = 8443
	describedAt   = "/tmp/target.yaml"
	authorityAt   = "/tmp/ca.pem"
)

// ReferenceOptions say which reference server to start.
type ReferenceOptions struct {
	// Image is what BuildReference returned.
	Image string
	// Profile is the profile that the server keeps.
	Profile string
	// Session and Token are the lifetimes; zero means the vendor's.
	Session, Token time.Duration
	// Instances is the number of service instances, 1 when zero.
	Instances int
	// TLS serves HTTPS; the authority's certificate is written into Folder, a folder of this machine.
	TLS    bool
	Folder string
	// Fault names one way to be broken; empty means none.
	Fault string
	// Network is joined under Name. On a private network, nothing is published: Target has no use there.
	Network *Network
	Name    string
	Private bool
	// Port is the port of this machine for the shared address, 0 for a free one.
	Port int
}

// Reference is a reference server in a container.
type Reference struct {
	*Container
	description *target.Target
	name        string
	authority   []byte
	addresses   map[int]string // where this machine reaches the ports
}

// BuildReference makes the image of the reference servers FROM scratch, out of a static executable of the command.
func (e *Engine) BuildReference(ctx context.Context, executable string) (image string, err error) {
	if err := static(executable); err != nil {
		return "", fmt.Errorf("laying out an image: %w", err)
	}
	var root Root
	err = errors.Join(root.Copy("/conform", executable), root.Folder("/tmp", 0o1777))
	if err != nil {
		return "", err
	}
	return e.Build(ctx, Image{Root: &root, Entrypoint: []string{"/conform", "serve"}})
}

// static checks that an executable needs no loader, which an image FROM scratch has not.
func static(executable string) (err error) {
	file, err := elf.Open(executable)
	if err != nil {
		return fmt.Errorf("reading the executable %s: %w", executable, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			return fmt.Errorf("%s needs libraries, and the image has none: CGO_ENABLED=0 go build", executable)
		}
	}
	return nil
}

// Reference starts a reference server and waits until it listens.
func (e *Engine) Reference(ctx context.Context, o ReferenceOptions) (_ *Reference, err error) {
	if o.Name == "" {
		o.Name = "reference"
	}
	request := o.request()
	started, err := e.Start(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("the reference server of %s: %w", o.Profile, err)
	}
	r := &Reference{Container: started, name: o.Name, addresses: map[int]string{}}
	if err := r.describe(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("the reference server of %s: %w", o.Profile, err), started.End(ctx))
	}
	return r, nil
}

// request is the command line of the server, and its ports.
func (o ReferenceOptions) request() Request {
	// The URL is the first thing that the server prints, and it prints it when it listens.
	r := Request{Image: o.Image, Network: o.Network, Name: o.Name, Ready: "://", Arguments: []string{
		"--profile", o.Profile, "--addr", "0.0.0.0:" + strconv.Itoa(referencePort), "--target-file", describedAt,
		"--session-lifetime", o.Session.String(), "--token-lifetime", o.Token.String(),
		"--instances", strconv.Itoa(max(o.Instances, 1)), "--fault", o.Fault,
	}}
	if o.TLS {
		r.Arguments = append(r.Arguments, "--tls", "--ca-file", authorityAt)
	}
	if o.Private {
		return r
	}
	r.Publish = map[int]int{referencePort: o.Port}
	if o.Instances > 1 {
		for i := range o.Instances {
			r.Publish[referencePort+1+i] = 0
		}
	}
	return r
}

// describe takes the server's description out of the container, and finds out where its ports are.
func (r *Reference) describe(ctx context.Context, o ReferenceOptions) error {
	description, err := r.Read(ctx, describedAt)
	if err != nil {
		return err
	}
	if o.TLS {
		if r.authority, err = r.Read(ctx, authorityAt); err != nil {
			return err
		}
		file := filepath.Join(o.Folder, o.Name+"-ca.pem")
		if err := os.WriteFile(file, r.authority, 0o644); err != nil {
			return fmt.Errorf("keeping the authority's certificate: %w", err)
		}
		description = bytes.ReplaceAll(description, []byte(strconv.Quote(authorityAt)), []byte(strconv.Quote(file)))
	}
	// Passwords are made by the server and may hold a dollar sign: the environment has no part in them.
	r.description, err = suites.Reader().Parse("the server's description", description, func(string) (string, bool) { return "", false })
	if err != nil {
		return err
	}
	if o.Private {
		return nil
	}
	for inside := range o.request().Publish {
		if r.addresses[inside], err = r.Address(ctx, inside); err != nil {
			return err
		}
	}
	return nil
}

// Target describes the server as this machine reaches it.
func (r *Reference) Target() *target.Target {
	return r.reached(func(port int) string { return r.addresses[port] })
}

// Within describes the server as the containers of its network reach it. The authority's certificate is named by its
// path on this machine.
func (r *Reference) Within() *target.Target {
	return r.reached(func(port int) string { return r.name + ":" + strconv.Itoa(port) })
}

// Authority is the certificate, in PEM, that the server's own is signed by; empty without TLS.
func (r *Reference) Authority() []byte { return bytes.Clone(r.authority) }

// reached is the description with other addresses for the ports.
func (r *Reference) reached(address func(port int) string) *target.Target {
	moved := *r.description
	moved.URL = move(r.description.URL, address)
	moved.Instances = nil
	for _, instance := range r.description.Instances {
		moved.Instances = append(moved.Instances, move(instance, address))
	}
	return &moved
}

// move gives a URL another host and port. A URL of the server's own always has both.
func move(text string, address func(port int) string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		return text
	}
	u.Host = address(n)
	return u.String()
}
