using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>People and what they sign in with, as the API shows them: never a hash or a secret.</summary>
internal static class PeopleViews
{
    /// <summary>A person.</summary>
    public static User User(Person person) =>
        new(person.Id, person.UserName, [.. person.Bindings.Select(binding => binding.View())], person.Disabled, person.Totp is { Confirmed: true }, person.CreatedAt);

    /// <summary>A session.</summary>
    public static Contracts.Api.Session Session(IStationTransaction transaction, Session session) =>
        new(session.Id, transaction.Table<Person>().Find(session.PersonId)?.UserName ?? string.Empty, session.Peer, session.CreatedAt, session.ExpiresAt);

    /// <summary>An access token.</summary>
    public static Contracts.Api.AccessToken AccessToken(AccessToken token) =>
        new(token.Id, token.Name, [.. token.Bindings.Select(binding => binding.View())], token.CreatedAt, token.ExpiresAt, token.CreatedBy);
}
