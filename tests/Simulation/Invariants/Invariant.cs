using VSan.Contracts.BlockServer;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>A promise. It looks at each event of its kind, and at the world at rest, and says how it was broken; null: it holds.</summary>
internal abstract class Invariant
{
    public string Name => GetType().Name;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Invariant> All() => [new I1(), new I2(), new I3(), new I4(), new I5(), new I6(), new I7(), new I8()];

    /// <summary>A block server serves another configuration.</summary>
    public virtual string? OnServed(SimWorld world, SimUnit unit, BlockServerConfiguration configuration) => null;

    /// <summary>A unit told somebody which generation it has accepted, or found it on its disk at its start.</summary>
    public virtual string? OnAccepted(SimWorld world, SimUnit unit, long generation) => null;

    /// <summary>An agent deletes an image.</summary>
    public virtual string? OnDeleted(SimWorld world, SimUnit unit, string path, SimFile file) => null;

    /// <summary>A host read.</summary>
    public virtual string? OnHostRead(SimWorld world, HostRead read) => null;

    /// <summary>Nothing goes wrong any more, and everything had the time to settle.</summary>
    /// <param name="world">The world.</param>
    /// <param name="allUp">False while one unit is off for good.</param>
    public virtual string? AtRest(SimWorld world, bool allUp) => null;
}
