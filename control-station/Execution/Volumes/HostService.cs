using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Hosts.</summary>
public sealed class HostService
{
    private readonly Ledger _ledger;

    internal HostService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of hosts.</summary>
    public Task<HostPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Host> items, string? next) = transaction.List(caller, "host.read", query, Lookups.HostName, host => Views.Host(transaction, host), ListFilters.Hosts);
                return new HostPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Host> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "host.read", $"host/{id}", transaction => Views.Host(transaction, transaction.Require<Domain.Host>(id, "host")), cancellationToken);
    }

    /// <summary>Adds a host.</summary>
    public Task<Host> CreateAsync(Caller caller, HostCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.HostCreate),
            "host.create",
            $"host/{request.Name}",
            (transaction, now) => Views.Host(transaction, Insert(transaction, now, request.Name, request.InitiatorName)),
            cancellationToken);
    }

    /// <summary>Takes a host's certificate from it: it opens nothing from the next request on. What the host has stays.</summary>
    public Task<Host> RevokeCertificateAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "host.revoke-certificate",
        $"host/{id}",
        (transaction, now) =>
        {
            Domain.Host host = transaction.Require<Domain.Host>(id, "host");
            if (RevokeCertificate(transaction, id)) transaction.AppendEvent(now, "host.revoked", $"host/{id}", $"The certificate of host {host.Name} was revoked by {caller.Name}.");
            return Views.Host(transaction, host);
        },
        cancellationToken);

    /// <summary>The caller that a host's certificate makes: the host itself, with the role of an own token (ADR 0059). Null when it opens nothing.</summary>
    /// <param name="memberId">The certificate's subject.</param>
    /// <param name="keyHash">SHA-256 of its public key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<Caller?> AuthenticateAsync(Guid memberId, string keyHash, CancellationToken cancellationToken) => _ledger.ReadAsync(
        transaction => transaction.Table<Domain.HostMember>().Find(memberId) is { } member && member.KeyHash == keyHash && transaction.Table<Domain.Host>().Find(member.HostId) is { } host
            ? new Caller($"host:{host.Name}", [new Binding(Role.Host, new Scope.OfHost(host.Id))])
            : null,
        cancellationToken);

    /// <summary>Removes a host without mappings.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "host.delete",
        $"host/{id}",
        (transaction, now) =>
        {
            Domain.Host host = transaction.Require<Domain.Host>(id, "host");
            if (ServiceKinds.All.FirstOrDefault(kind => kind.CountFor(transaction, id) > 0) is { } used)
                throw new ProblemException("host-mapped", $"{host.Name} uses {used.CountFor(transaction, id)} {used.Collection}.", "Take them from it first.");
            foreach (Domain.Credential credential in transaction.Table<Domain.Credential>().Where(Lookups.CredentialHost, id.ToString()))
                transaction.Table<Domain.Credential>().Delete(credential.Id);
            RevokeCertificate(transaction, id);
            transaction.Table<Domain.HostQuota>().Delete(id);
            transaction.Table<Domain.HostReport>().Delete(id);
            foreach (Domain.HostVolume owned in transaction.Table<Domain.HostVolume>().Where(Lookups.HostVolumeHost, id.ToString())) transaction.Table<Domain.HostVolume>().Delete(owned.Id);
            transaction.Table<Domain.Host>().Delete(id);
            transaction.AppendEvent(now, "host.removed", $"host/{id}", $"Host {host.Name} was removed.");
            return true;
        },
        cancellationToken);

    /// <summary>Adds a host, inside a transaction.</summary>
    internal static Domain.Host Insert(IStationTransaction transaction, DateTimeOffset now, string? givenName, string? givenInitiatorName)
    {
        string name = Names.Object(givenName, "/name");
        string initiatorName = Names.Initiator(givenInitiatorName, "/initiatorName");
        ITable<Domain.Host> hosts = transaction.Table<Domain.Host>();
        if (hosts.Where(Lookups.HostName, name) is not []) throw new ProblemException("name-taken", $"There is a host {name} already.");
        if (hosts.Where(Lookups.HostInitiator, initiatorName) is [var other]) throw new ProblemException("name-taken", $"Host {other.Name} has the initiator name {initiatorName}.");
        Domain.Host host = hosts.Insert(new Domain.Host(transaction.NewId(now), name, initiatorName, now));
        transaction.AppendEvent(now, "host.added", $"host/{host.Id}", $"Host {name} was added.");
        return host;
    }

    private static bool RevokeCertificate(IStationTransaction transaction, Guid hostId)
    {
        IReadOnlyList<Domain.HostMember> members = transaction.Table<Domain.HostMember>().Where(Lookups.HostMemberHost, hostId.ToString());
        foreach (Domain.HostMember member in members) transaction.Table<Domain.HostMember>().Delete(member.Id);
        return members.Count > 0;
    }
}
