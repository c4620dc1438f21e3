#pragma warning disable CA1822
namespace VSan.Iscsi;

/// <summary>The sessions of all rings.</summary>
public sealed class SessionRegistry
{
    /// <summary>A picture of every session. Any thread.</summary>
    public IReadOnlyList<SessionSnapshot> Snapshot() => [];
}
