using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>People and their sessions.</summary>
public sealed class PeopleService
{
    internal PeopleService()
    {
    }

    /// <summary>Makes the first administrator and its password, shown this once.</summary>
    public Task<(string UserName, string Password)> CreateFirstAdministratorAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Signs in.</summary>
    public Task<SessionCreated> SignInAsync(SessionCreate request, string peerAddress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Who a bearer token belongs to; null when nobody (any more).</summary>
    public Task<Caller?> AuthenticateAsync(string bearer, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends a session.</summary>
    public Task SignOutAsync(string bearer, CancellationToken cancellationToken) => throw new NotImplementedException();
}
