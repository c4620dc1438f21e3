using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>What is known of a unit that is being updated.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Image">The image that it is to be started with.</param>
/// <param name="Fact">What it said last of this image; null when it has said nothing.</param>
/// <param name="IsPresent">It is within reach.</param>
internal sealed record ImageProgress(Unit Unit, ApplianceImage Image, ImageFact? Fact, bool IsPresent)
{
    /// <summary>Why this image will never run there; null while it may.</summary>
    public OperationFailure? Failure => Fact switch
    {
        { Phase: ImagePhase.Refused } refused => new OperationFailure("image-refused", $"{Unit.Name} refuses the file: {refused.Trouble}", "Compare its digest with that of the release, and add it again."),
        { Phase: ImagePhase.FellBack } fallen => new OperationFailure("image-fell-back", $"{Unit.Name} went back by itself: {fallen.Trouble}", $"Read the log of {Unit.Name}, and give it a version that is mended."),
        _ => null,
    };

    /// <summary>What is known; null when the unit, or that it is to be updated, was forgotten.</summary>
    public static ImageProgress? Of(StepContext context, UnitPresence presence)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit || transaction.Table<UnitUpdate>().Find(unit.Id) is not { } update) return null;
        ApplianceImage image = transaction.Require<ApplianceImage>(update.ImageId, "image");
        ImageFact? fact = presence.LastSighting(unit.Id)?.Report?.Image;
        return new ImageProgress(unit, image, fact?.Version == image.Version ? fact : null, presence.Of(unit.Id) == Presence.Present);
    }
}
