namespace VSan.Station.Domain;

/// <summary>Who has, or asked earlier for, which lock: finds in a few steps who stands in the way of another.</summary>
internal sealed class LockTable
{
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    private sealed class Node
    {
        public Operation? Any { get; set; }

        public Operation? Alone { get; set; }

        public Operation? AnyBelow { get; set; }

        public Operation? AloneBelow { get; set; }
    }

    /// <summary>Enters all locks of an operation.</summary>
    public void Add(Operation operation)
    {
        foreach (OperationLock wanted in operation.Locks) Add(operation, wanted);
    }

    /// <summary>The first lock of an operation that another stands in the way of, and who; null when it may have all.</summary>
    public (OperationLock Lock, Operation Holder)? FindConflict(Operation operation)
    {
        foreach (OperationLock wanted in operation.Locks)
            if (Holder(wanted) is { } holder) return (wanted, holder);
        return null;
    }

    private void Add(Operation operation, OperationLock wanted)
    {
        bool alone = wanted.Mode == LockMode.Exclusive;
        foreach (string path in LockPath.Enclosing(wanted.Path))
        {
            if (!_nodes.TryGetValue(path, out Node? node)) _nodes.Add(path, node = new Node());
            if (path == wanted.Path)
            {
                node.Any ??= operation;
                if (alone) node.Alone ??= operation;
            }
            else
            {
                node.AnyBelow ??= operation;
                if (alone) node.AloneBelow ??= operation;
            }
        }
    }

    private Operation? Holder(OperationLock wanted)
    {
        bool alone = wanted.Mode == LockMode.Exclusive;
        foreach (string path in LockPath.Enclosing(wanted.Path))
        {
            if (!_nodes.TryGetValue(path, out Node? node)) continue;
            if ((alone ? node.Any : node.Alone) is { } here) return here;
            if (path == wanted.Path && (alone ? node.AnyBelow : node.AloneBelow) is { } below) return below;
        }

        return null;
    }
}
