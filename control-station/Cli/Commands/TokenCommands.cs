using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>token</c>.</summary>
internal static class TokenCommands
{
    private static readonly Argument<string> Id = new("ID") { Description = "Id of a token, from 'vsan token list'." };

    private static readonly Option<int> Uses = new("--uses") { Description = "How many units it admits. Default 1.", HelpName = "N", DefaultValueFactory = _ => 1 };

    private static readonly Option<TimeSpan> Lifetime = GlobalOptions.OfDuration("--lifetime", "How long it admits units. Default 3h.", TimeSpan.FromHours(3));

    private static readonly Option<bool> NoAutoApprove = new("--no-auto-approve") { Description = "Units that show it still wait for 'vsan unit approve'." };

    private static readonly Option<string[]> UnitLabels = LabelOptions.Option("Label the units that it admits; may be given more than once.");

    private static readonly Noun<Token, TokenPage> Tokens = new(
        "token", "tokens", p => p.Items, p => p.NextCursor, items => new TokenPage(items, null), t => t.Id, t => t.Id,
        [
            new("ID", t => t.Id),
            new("USES LEFT", t => $"{t.UsesLeft} of {t.UsesMax}", Numeric: true),
            new("ADMITS", t => t.AutoApprove ? "at once" : "after approval"),
            new("FOR", t => t.Kind == Contracts.Enrolment.MemberKind.Host ? "hosts" : "units"),
            new("EXPIRES", t => Text.Of(t.ExpiresAt)),
            new("LABELS", t => Text.Of(t.Labels), WideOnly: true),
            new("CREATED", t => Text.Of(t.CreatedAt), WideOnly: true),
            new("CREATED BY", t => t.CreatedBy, WideOnly: true),
        ]);

    // The secret stands alone on its line, and alone with -o name, so that a script can take it.
    private static readonly Column<TokenCreated>[] CreatedColumns =
    [
        new("TOKEN", t => t.Secret),
        new("CA FINGERPRINT", t => t.CaFingerprint),
        new("ID", t => t.Token.Id),
        new("USES", t => $"{t.Token.UsesMax}"),
        new("EXPIRES", t => Text.Of(t.Token.ExpiresAt)),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("token", "Enrolment tokens: what a new unit proves itself with.")
    {
        run.Command("create", """
            Make a token. Its secret is shown this once.

            Examples:
              vsan token create --uses 3
              vsan token create --uses 16 --label rack=r2 --label site=north
              vsan token create -o name > token
            """, CreateAsync, Uses, Lifetime, NoAutoApprove, UnitLabels),
        run.Command("list", "List the tokens, without their secrets.", ListAsync),
        run.Command("delete", "Revoke a token. Units that it admitted stay.", DeleteAsync, Id),
    });

    private static async Task CreateAsync(Invocation invocation)
    {
        var request = new TokenCreate(!invocation.Get(NoAutoApprove), invocation.Get(Uses), (long)invocation.Get(Lifetime).TotalSeconds, LabelOptions.Of(invocation.Get(UnitLabels)));
        TokenCreated created = await invocation.Api
            .PostAsync<TokenCreate, TokenCreated>("tokens", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(CreatedColumns, t => t.Secret, created);
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Tokens, await invocation.Api.ListAsync(Tokens, invocation.Cancellation).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        string id = invocation.Get(Id);
        await invocation.Api.DeleteAsync($"tokens/{Uri.EscapeDataString(id)}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Token {id} is revoked.");
    }
}
