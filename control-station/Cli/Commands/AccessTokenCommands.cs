using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>access-token</c>.</summary>
internal static class AccessTokenCommands
{
    private static readonly Argument<string> Name = new("TOKEN") { Description = "Name of an access token." };
    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other access token has." };
    private static readonly Option<RoleBinding[]> Roles = RequiredRoles();
    private static readonly Option<TimeSpan> Lifetime = GlobalOptions.OfDuration("--lifetime", "How long it opens the station. Default 90d.", TimeSpan.FromDays(90));

    private static readonly Noun<AccessToken, AccessTokenPage> Tokens = new(
        "access-token", "access-tokens", p => p.Items, p => p.NextCursor, items => new AccessTokenPage(items, null), t => t.Id.ToString(), t => t.Name,
        [
            new("NAME", t => t.Name),
            new("ROLES", t => Text.Of(t.Bindings.Select(Bindings.Format))),
            new("EXPIRES", t => Text.Of(t.ExpiresAt)),
            new("CREATED", t => Text.Of(t.CreatedAt), WideOnly: true),
            new("CREATED BY", t => t.CreatedBy, WideOnly: true),
            new("ID", t => t.Id.ToString(), WideOnly: true),
        ]);

    // The secret alone with -o name, so that a script can take it.
    private static readonly Column<AccessTokenCreated>[] CreatedColumns =
    [
        new("BEARER", t => t.Bearer),
        new("NAME", t => t.Token.Name),
        new("ROLES", t => Text.Of(t.Token.Bindings.Select(Bindings.Format))),
        new("EXPIRES", t => Text.Of(t.Token.ExpiresAt)),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("access-token", "Access tokens: what machines and scripts sign their requests with.")
    {
        run.Command("create", """
            Make an access token. Its secret is shown this once; send it as Authorization: Bearer, or set $VSAN_TOKEN for vsan.

            Examples:
              vsan access-token create ci --role operator@project:web --lifetime 30d
              vsan access-token create prometheus --role viewer -o name > token
            """, CreateAsync, NewName, Roles, Lifetime),
        run.Command("list", "List the access tokens, without their secrets.", ListAsync),
        run.Command("delete", "Revoke an access token at once.", DeleteAsync, Name),
    });

    private static Option<RoleBinding[]> RequiredRoles()
    {
        Option<RoleBinding[]> roles = Bindings.Option("--role", "What the token may do.");
        roles.Required = true;
        return roles;
    }

    private static async Task CreateAsync(Invocation invocation)
    {
        var request = new AccessTokenCreate(invocation.Get(NewName), invocation.Get(Roles)!, (long)invocation.Get(Lifetime).TotalSeconds);
        AccessTokenCreated created = await invocation.Api
            .PostAsync<AccessTokenCreate, AccessTokenCreated>("access-tokens", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(CreatedColumns, t => t.Bearer, created);
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Tokens, await invocation.Api.ListByNameAsync(Tokens, invocation.Cancellation).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        AccessToken token = await invocation.FindAsync(Tokens, invocation.Get(Name)).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"access-tokens/{token.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Access token {token.Name} is revoked.");
    }
}
