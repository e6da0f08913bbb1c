/** The wire contract, as `sendjay protocol` makes it. Absent fields have their default: model.ts fills them in. */
export * from "../protocol/wire.gen";
