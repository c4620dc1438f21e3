using System.Net;
using Microsoft.AspNetCore.Connections;
using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.Link;

/// <summary>Gives Kestrel its only transport: connections that this unit dials.</summary>
internal sealed class DiallingListenerFactory(
    Enroller enroller,
    MemberIdentity identity,
    LinkPresence presence,
    TimeProvider time,
    ILogger<DiallingListener> log) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new DiallingListener(endpoint, enroller, identity, presence, time, log));
}
