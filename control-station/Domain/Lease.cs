using System.Security.Cryptography;
using System.Text;

namespace VSan.Station.Domain;

/// <summary>The right to do a work that only one may do at a time.</summary>
/// <remarks>
/// The time says only when another may take it without asking. What protects is <paramref name="Epoch"/>, the fencing token: who writes
/// asks in the same transaction whether it is still theirs, so that neither a pause nor a jump of the clock lets two write.
/// </remarks>
/// <param name="Id">Follows from the name.</param>
/// <param name="Name">Name of the work; unique.</param>
/// <param name="Holder">Who has it.</param>
/// <param name="Epoch">Counts up with every change of the holder, from 1.</param>
/// <param name="ExpiresAt">From when another may take it.</param>
public sealed record Lease(Guid Id, string Name, string Holder, long Epoch, DateTimeOffset ExpiresAt) : Entity(Id)
{
    /// <summary>The identity of the lease of this name.</summary>
    public static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
