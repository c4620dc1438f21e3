using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>A unit never goes back to an older generation of its configuration than it said it has, whatever dies in between.</summary>
internal sealed class I5 : Invariant
{
    public override string? OnAccepted(SimWorld world, SimUnit unit, long generation)
    {
        if (generation < unit.ToldGeneration) return $"{unit.Name} went back from generation {unit.ToldGeneration} to {generation}.";
        unit.ToldGeneration = generation;
        return null;
    }
}
