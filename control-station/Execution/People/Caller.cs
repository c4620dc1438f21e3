using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Who asks. Every service takes one; what a role may do is decided in <see cref="Permissions"/> alone.</summary>
/// <param name="Name">User name or name of an access token, for audit and for <c>RequestedBy</c>.</param>
/// <param name="Bindings">What the caller may do, and where.</param>
public sealed record Caller(string Name, IReadOnlyList<Binding> Bindings)
{
    /// <summary>The person's identity; null for a machine.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The session the request came by; null for a machine.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The access token the request came by; null for a person and a host.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>
    /// The generation that the caller saw last of what it changes (If-Match), or null. <see cref="Ledger"/> compares it within the change.
    /// </summary>
    public long? SeenGeneration { get; init; }

    /// <summary>The host that asks for itself; null for people and other machines.</summary>
    internal Guid? HostId => Bindings is [{ Scope: Scope.OfHost host }] ? host.HostId : null;

    /// <summary>True: changes are tried and rolled back, and end in a <see cref="DryRunException"/>.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>What is asked, when the caller gave it a key so that it can be repeated; null otherwise. <see cref="Ledger"/> knows the repetition.</summary>
    public IdempotentRequest? Request { get; init; }

    /// <summary>Somebody with one role everywhere.</summary>
    public static Caller Of(string name, Role role) => new(name, [new Binding(role, Scope.All)]);

    /// <summary>The caller with this request, when it has a key; otherwise as it is.</summary>
    public Caller Asking<T>(string? key, T request, JsonTypeInfo<T> type) => key is null ? this : this with { Request = IdempotentRequest.Of(key, request, type) };

    /// <summary>True when the caller may do the action somewhere; the services ask where.</summary>
    public bool May(string action) => Permissions.AllowSomewhere(this, action);
}
