using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using Token = VSan.Contracts.Api.Token;

namespace VSan.Station.Execution;

/// <summary>Enrolment tokens.</summary>
public sealed class TokenService
{
    private const int UsesMax = 10_000;

    private static readonly TimeSpan LifetimeDefault = TimeSpan.FromHours(3);
    private static readonly TimeSpan LifetimeMin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(30);

    private readonly Ledger _ledger;

    internal TokenService(Ledger ledger, CaFingerprint fingerprint)
    {
        _ledger = ledger;
        Fingerprint = fingerprint;
    }

    /// <summary>What a new unit checks this station by; goes with every token, and is no secret.</summary>
    public CaFingerprint Fingerprint { get; }

    /// <summary>One page of tokens.</summary>
    public Task<TokenPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            caller,
            "token.read",
            "token",
            transaction =>
            {
                (IReadOnlyList<Token> items, string? next) = transaction.List(caller, "token.read", query, Lookups.TokenCode, Views.Token);
                return new TokenPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>Makes a token; its secret is in the answer and nowhere else.</summary>
    public Task<TokenCreated> CreateAsync(Caller caller, TokenCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.TokenCreate),
            "token.create",
            "token",
            (transaction, now) => Make(transaction, now, caller, request),
            cancellationToken);
    }

    /// <summary>Removes a token; members it admitted stay.</summary>
    public Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "token.delete",
        $"token/{id}",
        (transaction, _) =>
        {
            if (transaction.Table<Domain.Token>().Where(Lookups.TokenCode, id) is not [var token]) throw ProblemException.NotFound("token", id);
            transaction.Table<Domain.Token>().Delete(token.Id);
            return true;
        },
        cancellationToken);

    private TokenCreated Make(IStationTransaction transaction, DateTimeOffset now, Caller caller, TokenCreate request)
    {
        int uses = request.Uses ?? 1;
        if (uses is < 1 or > UsesMax) throw ProblemException.Field("/uses", $"must be 1 to {UsesMax}.");
        double seconds = request.LifetimeSeconds ?? LifetimeDefault.TotalSeconds;
        if (seconds < LifetimeMin.TotalSeconds || seconds > LifetimeMax.TotalSeconds)
            throw ProblemException.Field("/lifetimeSeconds", $"must be {LifetimeMin.TotalSeconds:0} to {LifetimeMax.TotalSeconds:0}.");
        bool forHosts = request.Kind == MemberKind.Host;
        if (!forHosts && request.HostId is not null) throw ProblemException.Field("/hostId", "is for tokens of the kind host.");
        if (forHosts && request.AutoApprove == false) throw ProblemException.Field("/autoApprove", "must be true: a host is admitted by its token, or not at all.");
        if (forHosts && request.Labels is { Count: > 0 }) throw ProblemException.Field("/labels", "are for units.");
        if (request.HostId is { } hostId && transaction.Table<Domain.Host>().Find(hostId) is null) throw ProblemException.Field("/hostId", "names no host.");
        if (request.HostId is not null && uses != 1) throw ProblemException.Field("/uses", "must be 1: a host joins once.");
        EnrolmentToken secret = EnrolmentToken.Create();
        Domain.Token token = transaction.Table<Domain.Token>().Insert(new Domain.Token(
            transaction.NewId(now), secret.Id, secret.ProofKey(), request.AutoApprove ?? true, uses, uses, now, now + TimeSpan.FromSeconds(seconds), caller.Name)
        {
            Labels = Labels.Check(request.Labels, "/labels"),
            ForHosts = forHosts,
            HostId = request.HostId,
        });
        return new TokenCreated(Views.Token(token), secret.Reveal(), Fingerprint.Text);
    }
}
