package container

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"text/template"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
)

// balancerPort is where nginx listens in its container.
const balancerPort = 8443

//go:embed nginx.conf
var nginxConfiguration string

// Balancer is an nginx in a container, in front of the instances of a reference server.
type Balancer struct {
	*Container
	target *target.Target
}

// BuildNginx makes an image FROM scratch out of this machine's nginx and the libraries that it needs.
func (e *Engine) BuildNginx(ctx context.Context) (image string, err error) {
	root, err := Installed(ctx, "nginx")
	if err != nil {
		return "", err
	}
	return e.Build(ctx, Image{Root: root, Entrypoint: []string{"/usr/sbin/nginx", "-e", "stderr", "-c", "/etc/nginx/conform.conf"}})
}

// Balancer starts nginx on the reference server's network. It speaks TLS on both sides; the certificates that a client
// has to trust are written into the folder.
func (e *Engine) Balancer(ctx context.Context, image, folder string, r *Reference, on *Network) (*Balancer, error) {
	type instance struct{ Address, Service string }
	settings := struct {
		Instances []instance
		Name      string
		Port      int
	}{Name: r.name, Port: balancerPort}
	direct, within := r.Target(), r.Within()
	for i := range direct.Instances {
		service, err := serviceOf(ctx, direct, direct.Instances[i])
		if err != nil {
			return nil, fmt.Errorf("the balancer: asking instance %d for its name: %w", i, err)
		}
		inside, err := url.Parse(within.Instances[i])
		if err != nil {
			return nil, fmt.Errorf("the balancer: %w", err)
		}
		settings.Instances = append(settings.Instances, instance{inside.Host, service})
	}
	var configuration bytes.Buffer
	if err := template.Must(template.New("nginx.conf").Parse(nginxConfiguration)).Execute(&configuration, settings); err != nil {
		return nil, fmt.Errorf("the balancer: writing its configuration: %w", err)
	}
	issued, err := reference.Issue(e.host)
	if err != nil {
		return nil, fmt.Errorf("the balancer: %w", err)
	}
	started, err := e.Start(ctx, Request{
		Image: image, Network: on, Name: "balancer", Publish: map[int]int{balancerPort: 0}, Ready: "start worker processes",
		Files: map[string][]byte{
			"/etc/nginx/conform.conf": configuration.Bytes(), "/etc/nginx/tls/upstream.pem": r.Authority(),
			"/etc/nginx/tls/certificate.pem": issued.Certificate, "/etc/nginx/tls/key.pem": issued.Key,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("the balancer: %w", err)
	}
	b := &Balancer{Container: started, target: direct}
	if err := b.describe(ctx, filepath.Join(folder, "balancer-ca.pem"), append(issued.Authority, r.Authority()...)); err != nil {
		return nil, errors.Join(fmt.Errorf("the balancer: %w", err), started.End(ctx))
	}
	return b, nil
}

// describe turns the description of the server into that of the server behind nginx.
func (b *Balancer) describe(ctx context.Context, caFile string, authorities []byte) error {
	address, err := b.Address(ctx, balancerPort)
	if err != nil {
		return err
	}
	if err := os.WriteFile(caFile, authorities, 0o644); err != nil {
		return fmt.Errorf("keeping the certificates: %w", err)
	}
	b.target.URL = move(b.target.URL, func(int) string { return address })
	b.target.TLS.CAFile = caFile
	return nil
}

// Target describes the service: nginx is its shared address, the instances are reached past it.
func (b *Balancer) Target() *target.Target { return b.target }

// serviceOf is the Adm-Service value of an instance, which every answer of it carries.
func serviceOf(ctx context.Context, t *target.Target, instance string) (string, error) {
	config, err := t.HTTPTLS()
	if err != nil {
		return "", err
	}
	transport := &http.Transport{TLSClientConfig: config}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, t.Probe.Method, instance+t.Probe.Path, nil)
	if err != nil {
		return "", err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	if err := response.Body.Close(); err != nil {
		return "", err
	}
	service := response.Header.Get("Adm-Service")
	if service == "" {
		return "", errors.New("its answer has no Adm-Service header")
	}
	return service, nil
}
