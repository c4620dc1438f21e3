using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Enrolment tokens.</summary>
public sealed class TokenService
{
    internal TokenService()
    {
    }

    /// <summary>One page of tokens.</summary>
    public Task<TokenPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Makes a token; its secret is in the answer and nowhere else.</summary>
    public Task<TokenCreated> CreateAsync(Caller caller, TokenCreate request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes a token; members it admitted stay.</summary>
    public Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
