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
        IdempotentRequest idempotent = IdempotentRequest.Of(caller, "host.create", idempotencyKey, request, ApiJson.Default.HostCreate);
        return _ledger.MutateAsync(
            caller,
            "host.create",
            $"host/{request.Name}",
            (transaction, now) => idempotent.Answer(transaction, now, ApiJson.Default.Host, () => Add(transaction, now, request)),
            cancellationToken);
    }

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
            transaction.Table<Domain.HostQuota>().Delete(id);
            foreach (Domain.HostVolume owned in transaction.Table<Domain.HostVolume>().Where(Lookups.HostVolumeHost, id.ToString())) transaction.Table<Domain.HostVolume>().Delete(owned.Id);
            transaction.Table<Domain.Host>().Delete(id);
            transaction.AppendEvent(now, "host.removed", $"host/{id}", $"Host {host.Name} was removed.");
            return true;
        },
        cancellationToken);

    private static Host Add(IStationTransaction transaction, DateTimeOffset now, HostCreate request)
    {
        string name = Names.Object(request.Name, "/name");
        string initiatorName = Names.Initiator(request.InitiatorName, "/initiatorName");
        ITable<Domain.Host> hosts = transaction.Table<Domain.Host>();
        if (hosts.Where(Lookups.HostName, name) is not []) throw new ProblemException("name-taken", $"There is a host {name} already.");
        if (hosts.Where(Lookups.HostInitiator, initiatorName) is [var other]) throw new ProblemException("name-taken", $"Host {other.Name} has the initiator name {initiatorName}.");
        Domain.Host host = hosts.Insert(new Domain.Host(transaction.NewId(now), name, initiatorName, now));
        transaction.AppendEvent(now, "host.added", $"host/{host.Id}", $"Host {name} was added.");
        return Views.Host(transaction, host);
    }
}
