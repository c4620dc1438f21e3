namespace VSan.Station.Execution;

/// <summary>The check at the edge: whether a caller may do an action anywhere at all. Where, the services ask.</summary>
public sealed class AccessService
{
    private readonly Ledger _ledger;

    internal AccessService(Ledger ledger) => _ledger = ledger;

    /// <summary>The generation of an object, for its ETag; null when there is none.</summary>
    /// <param name="subject">For example <c>volume/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<long?> GenerationAsync(string subject, CancellationToken cancellationToken) =>
        _ledger.ReadAsync(transaction => Subjects.Find(transaction, subject)?.Generation, cancellationToken);

    /// <summary>Audits a request of somebody who did not say who it is, or said it wrongly.</summary>
    /// <param name="peerAddress">Where it came from.</param>
    /// <param name="address">Method and path.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task DenyAsync(string peerAddress, string address, CancellationToken cancellationToken) =>
        _ledger.AuditAsync($"peer/{peerAddress}", "none", address, "unauthenticated", cancellationToken);

    /// <summary>Refuses, and audits, what no binding of the caller allows. An address without an action is for nobody.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="action">An action of <see cref="Permissions"/>, or null.</param>
    /// <param name="address">Method and path, for audit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ProblemException"><c>forbidden</c>.</exception>
    public async Task RequireAsync(Caller caller, string? action, string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (action is not null && Permissions.AllowSomewhere(caller, action)) return;
        await _ledger.AuditAsync(caller.Name, action ?? "none", address, "forbidden", cancellationToken);
        throw Permissions.Refusal(caller, action);
    }
}
