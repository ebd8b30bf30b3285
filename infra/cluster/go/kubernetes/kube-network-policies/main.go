// Command kube-network-policies enforces network policies; its own command can only be a pod, this one is a program of the node.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "whom to ask, and as whom")
	node := flag.String("hostname-override", "", "the name of this node")
	queue := flag.Int("nfqueue-id", 100, "where the node puts the first packet of each connection")
	results := flag.String("cni-results", "/var/lib/cni/results", "where CNI keeps which address it gave to which pod")
	klog.InitFlags(nil)
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := run(ctx, *kubeconfig, *node, *results, *queue); err != nil {
		klog.Fatal(err)
	}
}

func run(ctx context.Context, kubeconfig, node, results string, queue int) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	known := informers.NewSharedInformerFactory(client, 0)
	controller, err := networkpolicy.NewController(
		client,
		known.Networking().V1().NetworkPolicies(),
		known.Core().V1().Namespaces(),
		pods{known.Core().V1().Pods(), results},
		nil, nil, nil, nil,
		networkpolicy.Config{QueueID: queue, NodeName: node},
	)
	if err != nil {
		return err
	}
	known.Start(ctx.Done())
	return controller.Run(ctx)
}
