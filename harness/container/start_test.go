package container

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	containertypes "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
)

// Request says what to start.
type Request struct {
	// Image is a name that Build returned, or another image that the engine holds; none is ever pulled.
	Image string
	// Arguments follow the image's entry point.
	Arguments   []string
	Environment map[string]string
	// Publish maps ports of the container to ports of this machine's loopback address; 0 leaves the choice to the
	// engine.
	Publish map[int]int
	// Network is joined under Name, which is also the host name. Without one, the container has the engine's own.
	Network *Network
	Name    string
	// Files are put into the container before it starts, by their paths in it. Anyone in it can read them.
	Files map[string][]byte
	// Mounts are folders of this machine, by their paths in the container.
	Mounts map[string]string
	// Ready is a text that the container prints once it can be used. Empty waits for nothing.
	Ready string
}

// Start makes and starts a container and waits until it is ready. When that fails, or takes longer than two minutes,
// nothing is left of it, and the error has the reason in one line: the last words of a container that ended.
func (e *Engine) Start(ctx context.Context, r Request) (_ *Container, err error) {
	ctx, end, err := e.begin(ctx, makeTime)
	if err != nil {
		return nil, err
	}
	defer end()
	if _, err := e.api.ImageInspect(ctx, r.Image); err != nil {
		return nil, fmt.Errorf("starting a container: the engine has no image %q: %s", r.Image, oneLine(err.Error()))
	}
	made, err := e.make(ctx, r)
	if made == nil {
		return nil, fmt.Errorf("making a container: %s", plain(err))
	}
	c := &Container{engine: e, made: made}
	if err == nil {
		err = made.Start(ctx)
	}
	if err == nil && r.Ready != "" {
		err = c.await(ctx, r.Ready)
	}
	if err != nil {
		err = fmt.Errorf("starting a container: %s", plain(err))
		return nil, errors.Join(err, c.End(ctx))
	}
	return c, nil
}

// make makes the container. It is not broken off: half way, nobody would know what to remove.
func (e *Engine) make(ctx context.Context, r Request) (testcontainers.Container, error) {
	ctx, cancel := whole(ctx, makeTime)
	defer cancel()
	request := testcontainers.ContainerRequest{
		Image: r.Image, Cmd: r.Arguments, Env: r.Environment, Labels: e.labels(), Name: e.name("run"),
		ConfigModifier: func(c *containertypes.Config) { c.Hostname = r.Name },
	}
	bindings := network.PortMap{}
	for inside, outside := range r.Publish {
		port := strconv.Itoa(inside) + "/tcp"
		request.ExposedPorts = append(request.ExposedPorts, port)
		chosen := ""
		if outside != 0 {
			chosen = strconv.Itoa(outside)
		}
		bindings[network.MustParsePort(port)] = []network.PortBinding{{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1}), HostPort: chosen}}
	}
	request.HostConfigModifier = func(c *containertypes.HostConfig) {
		c.PortBindings = bindings
		for inside, folder := range r.Mounts {
			c.Binds = append(c.Binds, folder+":"+inside)
		}
	}
	if r.Network != nil {
		request.Networks = []string{r.Network.name}
		request.NetworkAliases = map[string][]string{r.Network.name: {r.Name}}
	}
	for name, content := range r.Files {
		request.Files = append(request.Files, testcontainers.ContainerFile{
			Reader: strings.NewReader(string(content)), ContainerFilePath: name, FileMode: 0o644,
		})
	}
	made, err := e.provider.CreateContainer(ctx, request)
	if made == testcontainers.Container((*testcontainers.DockerContainer)(nil)) {
		made = nil
	}
	return made, err
}

// name is a name for something of the engine, unlike any other.
func (e *Engine) name(kind string) string {
	return "conform-" + e.id + "-" + kind + "-" + strings.ToLower(rand.Text()[:8])
}

var taken = regexp.MustCompile(`(?:listen tcp4? |Bind for )(\S+?):? (?:failed|bind): (?:port is already allocated|address already in use)`)

// plain puts an engine's error into one line, and the one that its user can mend into plain words.
func plain(err error) string {
	if m := taken.FindStringSubmatch(err.Error()); m != nil {
		if _, port, splitErr := net.SplitHostPort(m[1]); splitErr == nil {
			return fmt.Sprintf("port %s is taken: end what listens there, or leave the choice to the engine", port)
		}
	}
	return oneLine(err.Error())
}
